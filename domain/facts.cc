#include "domain/facts.h"

#include <algorithm>

#include "daybook/v1/contact.pb.h"
#include "domain/kind_rules.h"
#include "domain/merge.h"
#include "model/wire.h"

namespace daybook::domain {
namespace {

std::string normalised(const model::Kind& kind, std::string record, const View& view) {
  const KindRules& rules = rules_of(kind);
  return rules.normalise ? rules.normalise(record, view) : record;
}

void check_references(const model::Field& field, std::string_view record, const View& view,
                      std::vector<FieldError>& errors) {
  const model::Kind& target = *model::schema().kind(field.refers_to);
  const auto ids = model::get_all_bytes(record, field.number);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto id = model::Uuid::from_bytes(ids[i]);
    const auto found = id ? view.record(target, *id) : std::nullopt;
    if (found && !is_deleted(*found)) continue;
    const std::string pointer = "/" + field.name + (field.repeated ? "/" + std::to_string(i) : "");
    errors.push_back({pointer, "not_found", "There is no such " + target.name + "."});
  }
}

bool touches(const model::Patch& patch, std::uint32_t field) {
  return !model::field_bytes(patch.set, field).empty() || std::ranges::binary_search(patch.cleared, field);
}

// Minor units mean another amount in another currency: who changes it says the amount too (rule 16).
void check_money(const model::Kind& kind, std::string_view before, const model::Patch& patch,
                 const std::vector<std::uint32_t>& changed, std::vector<FieldError>& errors) {
  const model::Field* currency = kind.message->field("currency");
  if (currency == nullptr || !std::ranges::binary_search(changed, currency->number)) return;
  for (const model::Field& field : kind.message->fields) {
    if (field.type != model::FieldType::kMoney || touches(patch, field.number)) continue;
    if (model::field_bytes(before, field.number).empty()) continue;
    errors.push_back(
        {"/" + field.name, "required", "Another currency needs the amount in it; give " + field.name + " too."});
  }
}

// Whose key seals the record: kinds that are hidden with a contact belong to that contact, all others to themselves.
model::Uuid subject_at_creation(const model::Kind& kind, const model::Uuid& id, std::string_view record) {
  const std::uint32_t contact = kind_of<v1::Contact>().number;
  for (const model::Field& field : kind.message->fields) {
    if (field.refers_to != contact) continue;
    const KindRules& rules = rules_of(kind);
    const model::OnDelete on_delete = rules.on_delete ? rules.on_delete(record, field) : field.on_delete;
    if (on_delete != model::OnDelete::kCascade) continue;
    if (const auto subject = model::get_uuid(record, field.number)) return *subject;
  }
  return id;
}

}  // namespace

Result<std::string> find_live(const model::Kind& kind, const model::Uuid& id, const View& view) {
  const auto record = view.record(kind, id);
  if (!record) return not_found(kind.name);
  if (kind.number == kind_of<v1::Contact>().number) {
    if (model::get_uuid(*record, v1::Contact::kMergedIntoFieldNumber)) {
      const model::Uuid survivor = last_survivor(id, view);
      return std::unexpected(Rejection{"merged", "This contact was merged into another one.", {}, survivor});
    }
  }
  if (is_deleted(*record)) return reject("deleted", "This " + kind.name + " is deleted; restore it first.");
  return *record;
}

Result<Event> create(const model::Kind& kind, std::string_view record, const View& view, const Context& context,
                     const std::optional<model::Uuid>& given_id) {
  const KindRules& rules = rules_of(kind);
  std::string filled = rules.fill ? rules.fill(record, view, context) : std::string(record);
  filled = normalised(kind, model::overlay({}, filled, {}), view);
  auto errors = check_record(kind, filled, model::changed_fields({}, filled), view);
  if (!errors.empty()) return invalid(std::move(errors));
  const model::Uuid id = given_id ? *given_id : context.ids.next();
  if (auto taken = check_unique(kind, id, filled, view)) return std::unexpected(std::move(*taken));
  const model::Uuid subject = subject_at_creation(kind, id, filled);
  return Event{kind.created_event, kind.number, id, std::move(filled), {}, subject};
}

Result<Events> update(const model::Kind& kind, const model::Uuid& id, const model::Patch& patch, const View& view) {
  const auto before = find_live(kind, id, view);
  if (!before) return std::unexpected(before.error());
  const std::string after = normalised(kind, model::overlay(*before, patch.set, patch.cleared), view);
  model::Patch change = model::difference(*before, after);
  if (change.empty()) return Events{};
  const auto changed = model::changed_fields(*before, after);
  auto errors = check_record(kind, after, changed, view);
  if (!errors.empty()) forgive_old(errors, check_record(kind, *before, {}, view), kind, changed);
  check_money(kind, *before, patch, changed, errors);
  if (!errors.empty()) return invalid(std::move(errors));
  if (auto taken = check_unique(kind, id, after, view)) return std::unexpected(std::move(*taken));
  return Events{
      {kind.updated_event, kind.number, id, std::move(change.set), std::move(change.cleared), subject_of(id, *before)}};
}

std::vector<FieldError> check_record(const model::Kind& kind, std::string_view record,
                                     const std::vector<std::uint32_t>& changed, const View& view) {
  std::vector<FieldError> errors;
  for (const model::Field& field : kind.message->fields) {
    if (field.required && model::field_bytes(record, field.number).empty()) {
      errors.push_back({"/" + field.name, "required", "Give " + field.name + "."});
    }
    if (field.refers_to != 0 && std::binary_search(changed.begin(), changed.end(), field.number)) {
      check_references(field, record, view, errors);
    }
  }
  if (const KindRules& rules = rules_of(kind); rules.check) rules.check(record, view, errors);
  if (errors.size() > kErrorLimit) errors.resize(kErrorLimit);
  return errors;
}

void forgive_old(std::vector<FieldError>& errors, const std::vector<FieldError>& before, const model::Kind& kind,
                 const std::vector<std::uint32_t>& changed) {
  std::erase_if(errors, [&](const FieldError& error) {
    const std::string_view path = std::string_view(error.pointer).substr(1);
    const model::Field* field = kind.message->field(path.substr(0, path.find('/')));
    const bool is_new = field != nullptr && std::ranges::binary_search(changed, field->number);
    return !is_new && std::ranges::find(before, error) != before.end();
  });
}

std::optional<Rejection> check_unique(const model::Kind& kind, const model::Uuid& id, std::string_view record,
                                      const View& view) {
  model::WireReader reader(record);
  for (model::WireField wire; reader.next(wire);) {
    const model::Field* field = kind.message->field(wire.number);
    if (field == nullptr || field->unique.empty()) continue;
    const auto holder = view.find_unique(kind, field->unique, wire.bytes);
    if (!holder || *holder == id) continue;
    const std::string code = field->unique + "_taken";
    const std::string detail = "Another " + kind.name + " has this " + field->unique + ".";
    return Rejection{code, detail, {{"/" + field->unique, code, detail}}, *holder};
  }
  return std::nullopt;
}

}  // namespace daybook::domain
