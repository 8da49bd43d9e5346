#include "api/nodes/end_to_end.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "api/server/separated.h"

namespace daybook::api {
namespace {

constexpr std::array<std::string_view, 6> kHopByHop = {"Connection", "Keep-Alive",        "TE",
                                                       "Trailer",    "Transfer-Encoding", "Upgrade"};
constexpr std::string_view kProxyFields = "Proxy-";

bool is_among(std::string_view name, const auto& names) {
  return std::ranges::any_of(names, [name](std::string_view one) { return equals_ignoring_case(name, one); });
}

// The names that the Connection fields list.
std::vector<std::string_view> named_by_connection(const Headers& headers) {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : headers) {
    if (!equals_ignoring_case(name, "Connection")) continue;
    for (std::string_view rest = value; !rest.empty();) names.push_back(trimmed(take_until(',', rest)));
  }
  return names;
}

bool is_left_out(std::string_view name, bool is_head) {
  if (equals_ignoring_case(name, "Accept-Encoding")) return !is_head;
  return is_among(name, std::array<std::string_view, 3>{"Host", "Content-Length", "Expect"});
}

}  // namespace

Headers end_to_end(const Headers& headers) {
  const std::vector<std::string_view> named = named_by_connection(headers);
  Headers kept;
  for (const auto& field : headers) {
    const std::string_view name = field.first;
    const bool hop_by_hop = is_among(name, kHopByHop) || is_among(name, named) ||
                            equals_ignoring_case(name.substr(0, kProxyFields.size()), kProxyFields);
    if (!hop_by_hop) kept.push_back(field);
  }
  return kept;
}

Headers forwarded_fields(const Request& request, const Headers& headers) {
  const bool is_head = request.method == "HEAD";
  Headers fields = end_to_end(request.headers);
  std::erase_if(fields, [&](const auto& field) {
    return is_left_out(field.first, is_head) || find_header(headers, field.first);
  });
  fields.insert(fields.end(), headers.begin(), headers.end());
  return fields;
}

}  // namespace daybook::api
