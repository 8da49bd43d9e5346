#include "domain/links.h"

#include "domain/kind_rules.h"
#include "model/row_key.h"
#include "model/wire.h"

namespace daybook::domain {
namespace {

// What hides with a contact is sealed for that contact; a merge hands it to the survivor (ARCHITECTURE.md, "Sealed
// data").
std::string with_subject_moved(std::string record, std::string_view from, std::string_view to) {
  v1::Meta meta = meta_of(record);
  if (!meta.has_subject() || meta.subject() != from) return record;
  meta.set_subject(std::string(to));
  return model::overlay(record, with_meta(meta), {});
}

}  // namespace

const model::Kind& kind_numbered(std::uint32_t number) {
  const model::Kind* kind = model::schema().kind(number);
  if (kind == nullptr) throw std::runtime_error("an event names a kind that this binary does not know; upgrade it");
  return *kind;
}

model::Uuid named_id(std::string_view bytes) { return model::Uuid::from_bytes(bytes).value_or(model::Uuid{}); }

v1::RecordRef name_record(const model::Kind& kind, const model::Uuid& id) {
  v1::RecordRef name;
  name.set_kind(kind.number);
  name.set_id(std::string(id.view()));
  return name;
}

v1::LinkRef name_link(const model::Referrer& referrer, const model::Uuid& id) {
  v1::LinkRef name;
  name.set_kind(referrer.kind->number);
  name.set_id(std::string(id.view()));
  name.set_field(referrer.field->number);
  return name;
}

model::OnDelete effect_on(const model::Referrer& referrer, std::string_view record) {
  const KindRules& rules = rules_of(*referrer.kind);
  return rules.on_delete ? rules.on_delete(record, *referrer.field) : referrer.field->on_delete;
}

std::string with_link(std::string_view record, const model::Field& field, std::string_view target) {
  std::vector<std::string_view> targets{target};
  if (field.repeated) {
    const auto present = model::get_all_bytes(record, field.number);
    targets.insert(targets.end(), present.begin(), present.end());
    std::sort(targets.begin(), targets.end());
    targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  }
  std::string links;
  for (const std::string_view link : targets) model::append_bytes_field(links, field.number, link);
  return model::overlay(record, links, {});
}

std::string without_link(std::string_view record, const model::Field& field, std::string_view target) {
  std::string out;
  model::WireReader reader(record);
  for (model::WireField wire; reader.next(wire);) {
    if (wire.number != field.number || wire.bytes != target) out += wire.whole;
  }
  return out;
}

void hide(const model::Kind& kind, const model::Uuid& id, const std::optional<model::Uuid>& with, Store& store) {
  const auto record = store.view().record(kind, id);
  if (!record) return;
  v1::Meta meta = meta_of(*record);
  meta.set_deleted_at(store.stamp().time_us);
  if (with) meta.set_deleted_with(std::string(with->view()));
  store.put(kind, id, model::overlay(*record, with_meta(meta), {}));
}

void show(const model::Kind& kind, const model::Uuid& id, Store& store) {
  const auto record = store.view().record(kind, id);
  if (!record) return;
  v1::Meta meta = meta_of(*record);
  meta.clear_deleted_at();
  meta.clear_deleted_with();
  store.put(kind, id, model::overlay(*record, with_meta(meta), {}));
}

void remember(const model::Uuid& deleted, std::string_view data, Store& store) {
  const auto count = static_cast<std::int64_t>(remembered(deleted, store.view()).size());
  store.rows().put(model::deletion_key(deleted) + model::ordered_integer(count), data);
}

std::vector<std::string> remembered(const model::Uuid& deleted, const View& view) {
  std::vector<std::string> values;
  view.rows().scan(model::deletion_key(deleted), {}, [&](std::string_view, std::string_view value) {
    values.emplace_back(value);
    return true;
  });
  return values;
}

void forget(const model::Uuid& deleted, Store& store) {
  std::vector<std::string> keys;
  store.rows().scan(model::deletion_key(deleted), {}, [&](std::string_view key, std::string_view) {
    keys.emplace_back(key);
    return true;
  });
  for (const std::string& key : keys) store.rows().erase(key);
}

void relink(const google::protobuf::RepeatedPtrField<v1::LinkRef>& links, const model::Uuid& target,
            std::string_view previous, Store& store) {
  for (const v1::LinkRef& link : links) {
    const model::Kind& kind = kind_numbered(link.kind());
    const model::Field* field = kind.message->field(link.field());
    const auto record = store.view().record(kind, named_id(link.id()));
    if (field == nullptr || !record) continue;
    const std::string_view to = link.has_target() ? std::string_view(link.target()) : target.view();
    std::string after = previous.empty() ? *record : without_link(*record, *field, previous);
    after = with_link(after, *field, to);
    if (!previous.empty()) after = with_subject_moved(std::move(after), previous, to);
    store.put(kind, named_id(link.id()), after);
  }
}

void apply_relinked(const Event& event, Store& store) {
  const auto relinked = parse<v1::RecordRelinked>(event.data);
  relink(relinked.relinked(), event.id, relinked.previous_id(), store);
  if (relinked.has_previous_id()) remember(named_id(relinked.previous_id()), event.data, store);
}

}  // namespace daybook::domain
