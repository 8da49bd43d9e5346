#include "api/expand.h"

#include <algorithm>

#include "api/render.h"
#include "daybook/v1/company.pb.h"
#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "domain/store.h"
#include "projections/queries/list.h"

namespace daybook::api {
namespace {

constexpr std::size_t kDealsShown = 50;

bool is_contact(const model::Kind& kind) { return kind.number == domain::kind_of<v1::Contact>().number; }

std::string company_json(const domain::RowReader& rows, std::string_view contact) {
  const model::Kind& kind = domain::kind_of<v1::Company>();
  const auto id = model::get_uuid(contact, v1::Contact::kCompanyIdFieldNumber);
  const auto company = id ? domain::View(rows, {}).record(kind, *id) : std::nullopt;
  return company && !domain::is_deleted(*company) ? record_json(rows, kind, *id, *company) : "null";
}

std::string deals_json(const domain::RowReader& rows, const model::Uuid& contact) {
  projections::ListRequest request;
  request.kind = &domain::kind_of<v1::Deal>();
  request.limit = kDealsShown;
  request.descending = true;
  request.values.push_back({request.kind->message->field(std::uint32_t{v1::Deal::kContactIdFieldNumber}),
                            {{std::string(contact.view()), 0}},
                            false});
  std::string out = "[";
  for (const auto& item : projections::list(rows, request).items) {
    out.append(out.size() == 1 ? "" : ",").append(record_json(rows, *request.kind, item.id, item.record));
  }
  return out + "]";
}

bool names(const std::vector<std::string>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace

ListOffer offer_of(const model::Kind& kind) {
  ListOffer offer;
  offer.others = {"min_position"};
  if (!is_contact(kind)) return offer;
  offer.extra_fields = {"tags", "deal_count"};
  offer.expand = {"company", "deals"};
  return offer;
}

std::string expanded_members(const domain::RowReader& rows, std::string_view contact, const model::Uuid& id,
                             const std::vector<std::string>& expand) {
  std::string out;
  if (names(expand, "company")) out = "\"company\":" + company_json(rows, contact);
  if (names(expand, "deals")) out += std::string(out.empty() ? "" : ",") + "\"deals\":" + deals_json(rows, id);
  return out;
}

std::string shown_json(const domain::RowReader& rows, const model::Kind& kind, const model::Uuid& id,
                       std::string_view record, const ListParameters& shown, bool in_list) {
  const std::string extra = expanded_members(rows, record, id, shown.expand);
  RenderOptions options;
  options.selection = shown.selection.value_or(model::Selection{});
  options.extra = extra;
  options.with_deal_count = shown.selection ? names(shown.extra_fields, "deal_count") : in_list;
  options.with_tags = !shown.selection || names(shown.extra_fields, "tags");
  return record_json(rows, kind, id, record, options);
}

std::optional<ListParameters> read_shown(Call& call, const model::Kind& kind, const domain::RowReader& rows) {
  Parameters parameters;
  for (const auto& parameter : call.parameters()) {
    if (parameter.first == "fields" || parameter.first == "expand") parameters.push_back(parameter);
  }
  auto shown = parse_list_parameters(kind, parameters, domain::View(rows, call.workspace()), offer_of(kind));
  if (shown) return std::move(*shown);
  call.reject(rejection_of(shown.error()));
  return std::nullopt;
}

}  // namespace daybook::api
