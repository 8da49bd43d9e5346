#include "domain/import_rows.h"

#include "daybook/v1/workspace.pb.h"
#include "model/text.h"

namespace daybook::domain {

OwnerNames::OwnerNames(const View& view) {
  view.for_each(kind_of<v1::Member>(), [&](const model::Uuid& id, std::string_view record) {
    const auto member = parse<v1::Member>(record);
    if (is_deleted(record) || member.state() == v1::Member::STATE_REMOVED) return true;
    if (member.has_email_key()) members_.insert_or_assign(member.email_key(), id);
    const auto [found, is_new] = members_.emplace(model::fold(member.name()), id);
    if (!is_new && found->second != id) found->second.reset();
    return true;
  });
}

std::optional<model::Uuid> OwnerNames::find(std::string_view text) const {
  if (const auto key = model::email_key(text)) {
    const auto found = members_.find(*key);
    if (found != members_.end()) return found->second;
  }
  const auto found = members_.find(model::fold(text));
  return found == members_.end() ? std::nullopt : found->second;
}

ImportRows::ImportRows(const ImportPlan& plan, const ImportOptions& options, const View& view)
    : plan_(plan), options_(options), owners_(view) {}

RowDecision ImportRows::decide(const ImportRow& row, const View& view, const Context& context) const {
  RowDecision decision;
  if (row.surplus > 0) {
    decision.errors.push_back({row.row, "", "invalid_value",
                               "The row has " + std::to_string(row.surplus) +
                                   " cells more than the header; quote cells that hold the delimiter."});
    return decision;
  }
  decision = plan_.kind == ImportKind::kContacts ? decide_contact_row(plan_, options_, owners_, row, view, context)
                                                 : decide_deal_row(plan_, options_, owners_, row, view, context);
  if (decision.errors.empty()) return decision;
  decision.fate = RowFate::kSkipped;
  decision.events.clear();
  decision.warnings.clear();
  return decision;
}

}  // namespace daybook::domain
