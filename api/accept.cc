#include "api/accept.h"

#include <algorithm>
#include <charconv>

#include "api/server/message.h"
#include "api/server/separated.h"

namespace daybook::api {
namespace {

// How much a media range says about the type: 3 exactly it, 2 its family, 1 anything, 0 nothing.
int closeness(std::string_view range, std::string_view type) {
  if (equals_ignoring_case(range, type)) return 3;
  const std::string_view family = type.substr(0, type.find('/') + 1);
  if (range.ends_with("/*") && equals_ignoring_case(range.substr(0, range.size() - 1), family)) return 2;
  return range == "*/*" ? 1 : 0;
}

bool is_refused(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = trimmed(take_until(';', parameters));
    if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) continue;
    double weight = 1;
    std::from_chars(parameter.data() + 2, parameter.data() + parameter.size(), weight);
    return weight == 0;
  }
  return false;
}

// The closest range decides; q=0 refuses.
bool takes(std::string_view header, std::string_view type) {
  int closest = 0;
  bool taken = false;
  while (!header.empty()) {
    std::string_view parameters = trimmed(take_until(',', header));
    const int close = closeness(trimmed(take_until(';', parameters)), type);
    if (close <= closest) continue;
    closest = close;
    taken = !is_refused(parameters);
  }
  return taken;
}

}  // namespace

bool accepts(std::string_view header, std::string_view media_types) {
  if (header.find('/') == std::string_view::npos) return true;
  while (!media_types.empty()) {
    if (takes(header, trimmed(take_until(',', media_types)))) return true;
  }
  return false;
}

}  // namespace daybook::api
