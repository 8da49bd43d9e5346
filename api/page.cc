#include "api/page.h"

#include <algorithm>

#include "api/cursor.h"
#include "model/time.h"
#include "projections/audit_log.h"

namespace daybook::api {
namespace {

std::string identity_of(const Call& call) {
  Parameters bound;
  for (const auto& parameter : call.parameters()) {
    const std::string& name = parameter.first;
    if (name != "cursor" && name != "limit" && name != "min_position") bound.push_back(parameter);
  }
  std::sort(bound.begin(), bound.end());
  std::string identity = call.request().path;
  for (const auto& [name, value] : bound) identity.append(1, '\0').append(name).append(1, '\0').append(value);
  return identity;
}

// The request's own target with another cursor.
std::string next_target(const Request& request, std::string_view cursor) {
  std::string target = request.path + "?";
  std::string_view rest = request.query;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!part.empty() && !part.starts_with("cursor=")) target.append(part).append("&");
  }
  return target.append("cursor=").append(cursor);
}

}  // namespace

std::optional<std::uint64_t> parse_position(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

std::optional<std::size_t> page_limit(Call& call, std::size_t usual) {
  const auto text = call.parameter("limit");
  if (!text) return usual;
  const auto limit = parse_position(*text);
  if (limit && *limit >= 1 && *limit <= kMostOnPage) return *limit;
  call.reject_parameter("limit", "limit is a whole number from 1 to 500.");
  return std::nullopt;
}

std::optional<std::string> page_start(Call& call) {
  const auto cursor = call.parameter("cursor");
  if (!cursor) return std::string();
  auto place = read_cursor(call.service().cursor_key, {call.workspace(), identity_of(call)}, *cursor);
  if (!place) call.reject("invalid_cursor", "This cursor is not one of this list; begin again without it.");
  return place;
}

void reply_page(Call& call, std::string_view data, const std::optional<std::string>& next, std::uint64_t position,
                std::string_view extra) {
  Response response;
  std::string cursor = "null";
  if (next) {
    const std::string text = write_cursor(call.service().cursor_key, {call.workspace(), identity_of(call)}, *next);
    response.set_header("Link", "<" + next_target(call.request(), text) + ">; rel=\"next\"");
    cursor = "\"" + text + "\"";
  }
  response.set_header("Content-Type", "application/json");
  response.set_header("Daybook-Position", std::to_string(position));
  response.body.append("{\"data\":[").append(data).append("],\"next_cursor\":").append(cursor);
  if (!extra.empty()) response.body.append(",").append(extra);
  response.body += '}';
  call.reply(std::move(response));
}

std::optional<std::uint64_t> parse_point(std::string_view text, const domain::RowReader& rows) {
  if (const auto position = parse_position(text)) return position;
  if (const auto date = model::parse_date(text)) {
    constexpr std::int64_t kDayUs = 24LL * 3600 * 1'000'000;
    return projections::position_at(rows, (model::days_from_civil(*date) + 1) * kDayUs - 1);
  }
  const auto time_us = model::parse_time(text);
  if (!time_us) return std::nullopt;
  return projections::position_at(rows, *time_us);
}

}  // namespace daybook::api
