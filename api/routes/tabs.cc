#include "api/expand.h"
#include "api/page.h"
#include "api/routes/reads.h"
#include "api/routes/records.h"
#include "daybook/v1/contact.pb.h"
#include "projections/past_links.h"
#include "projections/projector.h"

namespace daybook::api {
namespace {

Parameters list_parameters(const Call& call) {
  Parameters parameters = call.parameters();
  std::erase_if(parameters, [](const auto& parameter) { return parameter.first == "min_position"; });
  return parameters;
}

std::string data_of(const domain::RowReader& rows, const model::Kind& kind, const auto& items,
                    const ListParameters& shown) {
  std::string data;
  for (const auto& item : items) {
    data.append(data.empty() ? "" : ",").append(shown_json(rows, kind, item.id, item.record, shown, true));
  }
  return data;
}

// As it was: in order of creation, without filters.
void answer_past_tab(Call& call, const model::Kind& kind) {
  if (!call.allow_parameters({"as_of", "fields", "limit", "cursor"})) return;
  const auto rows = call.rows();
  const auto shown = read_shown(call, kind, *rows);
  if (!shown) return;
  const auto position = as_of_position(call, *call.parameter("as_of"), *rows);
  if (!position) return;
  const auto contact = find_record_at(call, domain::kind_of<v1::Contact>(), *rows, position);
  if (!contact) return;
  const auto limit = page_limit(call);
  if (!limit) return;
  const auto start = page_start(call);
  if (!start) return;
  const model::Referrer referrer{&kind, kind.message->field("contact_id")};
  const auto page = projections::linked_as_of(*rows, referrer, contact->id, *position, *start, *limit);
  reply_page(call, data_of(*rows, kind, page.items, *shown), page.next, projections::read_head(*rows).last_position());
}

std::string total_members(const projections::ListPage& page) {
  if (!page.total) return {};
  return "\"total\":" + std::to_string(page.total->count) +
         ",\"total_exact\":" + (page.total->exact ? "true" : "false");
}

}  // namespace

Handle get_tab(std::string_view name) {
  return [&kind = *model::schema().kind(name)](Call& call) {
    if (call.parameter("as_of")) return answer_past_tab(call, kind);
    const auto rows = call.rows();
    const auto contact = find_record(call, domain::kind_of<v1::Contact>(), *rows);
    if (!contact) return;
    auto parsed = parse_list_parameters(kind, list_parameters(call), domain::View(*rows, call.workspace()));
    if (!parsed) return call.reject(rejection_of(parsed.error()));
    projections::ListRequest& request = parsed->request;
    request.values.push_back({kind.message->field("contact_id"), {{std::string(contact->id.view()), 0}}, false});
    auto start = page_start(call);
    if (!start) return;
    request.position = std::move(*start);
    const projections::ListPage page = projections::list(*rows, request);
    reply_page(call, data_of(*rows, kind, page.items, *parsed), page.next,
               projections::read_head(*rows).last_position(), total_members(page));
  };
}

}  // namespace daybook::api
