#include "domain/company.h"

#include "model/row_key.h"
#include "model/text.h"

namespace daybook::domain {
namespace {

void normalise(v1::Company& company, const View&) {
  if (company.has_name()) company.set_name_key(model::fold(company.name()));
}

}  // namespace

std::optional<model::Uuid> find_company(std::string_view name, const View& view) {
  const model::Kind& kind = kind_of<v1::Company>();
  const model::Field& field = *kind.message->field(std::uint32_t{v1::Company::kNameKeyFieldNumber});
  const std::string key = model::fold(name);
  std::optional<model::Uuid> oldest;
  view.for_each_posting(kind, field, model::ordered_text(key), [&](const model::Uuid& id) {
    const auto record = view.record(kind, id);
    if (record && !is_deleted(*record) && parse<v1::Company>(*record).name_key() == key) oldest = id;
    return !oldest;
  });
  return oldest;
}

KindRules company_rules() { return {.normalise = typed(normalise)}; }

}  // namespace daybook::domain
