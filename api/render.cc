#include "api/render.h"

#include "daybook/v1/company.pb.h"
#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "domain/store.h"
#include "projections/derived_rows.h"

namespace daybook::api {
namespace {

// Linked, a contact shows its company's current name (domain.md rule 7).
std::string company_name(const domain::RowReader& rows, std::string_view contact) {
  const auto id = model::get_uuid(contact, v1::Contact::kCompanyIdFieldNumber);
  const auto company = id ? domain::View(rows, {}).record(domain::kind_of<v1::Company>(), *id) : std::nullopt;
  const auto name = company ? model::get_bytes(*company, v1::Company::kNameFieldNumber) : std::nullopt;
  return name ? json_string(*name) : std::string();
}

std::string deal_count(const domain::RowReader& rows, const model::Uuid& contact) {
  const auto counter = rows.get(
      projections::counter_key(domain::kind_of<v1::Deal>().number, v1::Deal::kContactIdFieldNumber, contact.view()));
  return std::to_string(static_cast<std::int64_t>(counter ? projections::decode_counter(*counter) : 0));
}

std::string contact_json(const domain::RowReader& rows, const model::Kind& kind, const model::Uuid& id,
                         std::string_view record, const RenderOptions& options) {
  const std::string tags = tag_names_json(rows, record);
  const std::string company = company_name(rows, record);
  const std::string deals = options.with_deal_count ? deal_count(rows, id) : std::string();
  std::vector<model::Replacement> replacements;
  if (!company.empty()) replacements.push_back({v1::Contact::kCompanyNameFieldNumber, company});
  std::vector<model::ExtraMember> extra;
  if (options.with_tags) extra.push_back({"tags", tags});
  if (options.with_deal_count) extra.push_back({"deal_count", deals});
  std::string out;
  model::write_record(out, kind, id, record, {options.selection, replacements, extra, {}});
  return out;
}

}  // namespace

std::string record_json(const domain::RowReader& rows, const model::Kind& kind, const model::Uuid& id,
                        std::string_view record, const RenderOptions& options) {
  std::string out;
  if (kind.number == domain::kind_of<v1::Contact>().number) {
    out = contact_json(rows, kind, id, record, options);
  } else {
    model::write_record(out, kind, id, record, {options.selection, {}, {}, {}});
  }
  if (!options.extra.empty()) {
    out.pop_back();
    out.append(",").append(options.extra).append("}");
  }
  return out;
}

std::string tag_names_json(const domain::RowReader& rows, std::string_view contact) {
  const model::Kind& kind = domain::kind_of<v1::Tag>();
  std::string json = "[";
  for (const std::string_view bytes : model::get_all_bytes(contact, v1::Contact::kTagIdsFieldNumber)) {
    const auto id = model::Uuid::from_bytes(bytes);
    const auto tag = id ? domain::View(rows, {}).record(kind, *id) : std::nullopt;
    if (!tag) continue;
    if (json.size() > 1) json += ',';
    model::append_json_string(json, model::get_bytes(*tag, v1::Tag::kNameFieldNumber).value_or(std::string_view{}));
  }
  return json + "]";
}

std::string etag_of(std::string_view record) { return "\"" + std::to_string(domain::meta_of(record).version()) + "\""; }

std::string json_string(std::string_view text) {
  std::string out;
  model::append_json_string(out, text);
  return out;
}

}  // namespace daybook::api
