#include "api/expand.h"
#include "api/page.h"
#include "api/routes/reads.h"
#include "api/routes/records.h"
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
void answer_past_tab(Call& call, const model::Kind& owner, const model::Referrer& link) {
  const model::Kind& kind = *link.kind;
  if (!call.allow_parameters({"as_of", "fields", "limit", "cursor"})) return;
  const auto rows = call.rows();
  const auto shown = read_shown(call, kind, *rows);
  if (!shown) return;
  const auto position = as_of_position(call, *call.parameter("as_of"), *rows);
  if (!position) return;
  const auto found = find_record_at(call, owner, *rows, position);
  if (!found) return;
  const auto limit = page_limit(call);
  if (!limit) return;
  const auto start = page_start(call);
  if (!start) return;
  const auto page = projections::linked_as_of(*rows, link, found->id, *position, *start, *limit);
  reply_page(call, data_of(*rows, kind, page.items, *shown), page.next, projections::read_head(*rows).last_position());
}

std::string total_members(const projections::ListPage& page) {
  if (!page.total) return {};
  return "\"total\":" + std::to_string(page.total->count) +
         ",\"total_exact\":" + (page.total->exact ? "true" : "false");
}

}  // namespace

Handle get_tab(std::string_view name, std::string_view of) {
  const model::Kind& kind = *model::schema().kind(name);
  const model::Kind& owner = *model::schema().kind(of);
  const model::Field& link = *kind.message->field(owner.name + "_id");
  return [&kind, &owner, &link](Call& call) {
    if (call.parameter("as_of")) return answer_past_tab(call, owner, {&kind, &link});
    const auto rows = call.rows();
    const auto found = find_record(call, owner, *rows);
    if (!found) return;
    const domain::View view(*rows, call.workspace());
    auto parsed = parse_list_parameters(kind, list_parameters(call), view, offer_of(kind));
    if (!parsed) return call.reject(rejection_of(parsed.error()));
    projections::ListRequest& request = parsed->request;
    request.values.push_back({&link, {{std::string(found->id.view()), 0}}, false});
    auto start = page_start(call);
    if (!start) return;
    request.position = std::move(*start);
    const projections::ListPage page = projections::list(*rows, request);
    reply_page(call, data_of(*rows, kind, page.items, *parsed), page.next,
               projections::read_head(*rows).last_position(), total_members(page));
  };
}

}  // namespace daybook::api
