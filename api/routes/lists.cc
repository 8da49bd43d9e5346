#include "api/cursor.h"
#include "api/expand.h"
#include "api/list_parameters.h"
#include "api/render.h"
#include "api/routes/records.h"
#include "projections/projector.h"

namespace daybook::api {
namespace {

std::string page_json(const domain::RowReader& rows, const model::Kind& kind, const ListParameters& parameters,
                      const projections::ListPage& page, const std::optional<std::string>& cursor) {
  std::string body = "{\"data\":[";
  for (const auto& item : page.items) {
    if (body.back() != '[') body += ',';
    body += shown_json(rows, kind, item.id, item.record, parameters, true);
  }
  body += "],\"next_cursor\":" + (cursor ? json_string(*cursor) : "null");
  if (page.total) {
    body += ",\"total\":" + std::to_string(page.total->count);
    body += std::string(",\"total_exact\":") + (page.total->exact ? "true" : "false");
  }
  return body + "}";
}

// The same target with another cursor, for `Link: rel="next"` (RFC 8288).
std::string next_link(const Call& call, const std::string& cursor) {
  std::string query;
  std::string_view rest = call.request().query;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!part.empty() && !part.starts_with("cursor=")) query.append(part).append("&");
  }
  return "<" + call.request().path + "?" + query + "cursor=" + cursor + ">; rel=\"next\"";
}

}  // namespace

Handle list_records(std::string_view name) {
  return [&kind = *model::schema().kind(name)](Call& call) {
    if (call.parameter("as_of")) return call.reject("as_of_not_supported", "A list shows the present only.");
    const auto rows = call.rows();
    auto parsed = parse_list_parameters(kind, call.parameters(), domain::View(*rows, call.workspace()), offer_of(kind));
    if (!parsed) return call.reject(rejection_of(parsed.error()));
    const std::string identity = projections::identity(parsed->request);
    const CursorScope scope{call.workspace(), identity};
    if (parsed->cursor) {
      auto position = read_cursor(call.service().cursor_key, scope, *parsed->cursor);
      if (!position) return call.reject("invalid_cursor", "This cursor is of another list; start without one.");
      parsed->request.position = std::move(*position);
    }
    const projections::ListPage page = projections::list(*rows, parsed->request);
    std::optional<std::string> cursor;
    if (page.next) cursor = write_cursor(call.service().cursor_key, scope, *page.next);
    Response response;
    response.set_header("Content-Type", "application/json");
    response.set_header("Daybook-Position", std::to_string(projections::read_head(*rows).last_position()));
    if (cursor) response.set_header("Link", next_link(call, *cursor));
    response.body = page_json(*rows, kind, *parsed, page, cursor);
    call.reply(std::move(response));
  };
}

}  // namespace daybook::api
