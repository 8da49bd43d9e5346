#include "api/accept.h"

#include <algorithm>
#include <charconv>

#include "api/server/message.h"

namespace daybook::api {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The part up to `separator`, taken off the text.
std::string_view take(std::string_view& text, char separator) {
  const auto end = std::min(text.find(separator), text.size());
  const std::string_view part = trimmed(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

// How much a media range says about the type: 3 exactly it, 2 its family, 1 anything, 0 nothing.
int closeness(std::string_view range, std::string_view type) {
  if (equals_ignoring_case(range, type)) return 3;
  const std::string_view family = type.substr(0, type.find('/') + 1);
  if (range.ends_with("/*") && equals_ignoring_case(range.substr(0, range.size() - 1), family)) return 2;
  return range == "*/*" ? 1 : 0;
}

bool is_refused(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = take(parameters, ';');
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
    std::string_view parameters = take(header, ',');
    const int close = closeness(take(parameters, ';'), type);
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
    if (takes(header, take(media_types, ','))) return true;
  }
  return false;
}

}  // namespace daybook::api
