#include <map>
#include <set>

#include "domain/deletion.h"
#include "domain/facts.h"
#include "domain/links.h"

namespace daybook::domain {
namespace {

using google::protobuf::RepeatedPtrField;

// A reference of a record to a deleted one on which its own life depends.
struct Obstacle {
  const model::Field* field = nullptr;
  const model::Kind* target_kind = nullptr;
  model::Uuid target;
};

template <typename Returns>
std::optional<Obstacle> find_obstacle(const model::Kind& kind, std::string_view record, const View& view,
                                      const Returns& returns) {
  for (const model::Field& field : kind.message->fields) {
    if (field.refers_to == 0) continue;
    const model::OnDelete effect = effect_on({&kind, &field}, record);
    if (effect != model::OnDelete::kCascade && effect != model::OnDelete::kRestrict) continue;
    const model::Kind& target_kind = kind_numbered(field.refers_to);
    for (const std::string_view bytes : model::get_all_bytes(record, field.number)) {
      const model::Uuid target = named_id(bytes);
      const auto found = view.record(target_kind, target);
      if (found && is_deleted(*found) && !returns(target)) return Obstacle{&field, &target_kind, target};
    }
  }
  return std::nullopt;
}

// What comes back with a record: everything that was hidden with it, unless it stands on another deleted record too.
class Return {
 public:
  Return(const View& view, const model::Kind& kind, const model::Uuid& root) : view_(view), root_(root) {
    collect(kind, root);
    while (keep_hidden()) continue;
  }

  Names<v1::RecordRef> shown() const {
    Names<v1::RecordRef> names;
    for (const auto& [id, kind] : found_) {
      if (!kept_.contains(id)) names.add(name_record(*kind, id));
    }
    return names;
  }

  Names<v1::HiddenRef> kept_hidden() const {
    Names<v1::HiddenRef> names;
    for (const auto& [id, with] : kept_) {
      v1::HiddenRef name;
      name.set_kind(found_.at(id)->number);
      name.set_id(std::string(id.view()));
      name.set_hidden_with(std::string(with.view()));
      names.add(std::move(name));
    }
    return names;
  }

  bool returns(const model::Uuid& id) const { return id == root_ || (found_.contains(id) && !kept_.contains(id)); }

 private:
  void collect(const model::Kind& kind, const model::Uuid& id) {
    for (const model::Referrer& referrer : model::schema().referrers(kind.number)) {
      view_.for_each_posting(*referrer.kind, *referrer.field, id.view(), [&](const model::Uuid& other) {
        const auto record = view_.record(*referrer.kind, other);
        if (record && is_deleted(*record) && meta_of(*record).deleted_with() == root_.view() &&
            found_.emplace(other, referrer.kind).second) {
          collect(*referrer.kind, other);
        }
        return true;
      });
    }
  }

  // Each record that is kept hidden may keep others that stand on it; false once there are no more.
  bool keep_hidden() {
    const std::size_t before = kept_.size();
    for (const auto& [id, kind] : found_) {
      if (kept_.contains(id)) continue;
      const std::string record = *view_.record(*kind, id);
      const auto obstacle =
          find_obstacle(*kind, record, view_, [this](const model::Uuid& target) { return returns(target); });
      if (obstacle) kept_.emplace(id, hider_of(*obstacle));
    }
    return kept_.size() > before;
  }

  model::Uuid hider_of(const Obstacle& obstacle) const {
    const auto kept = kept_.find(obstacle.target);
    if (kept != kept_.end()) return kept->second;
    const v1::Meta meta = meta_of(*view_.record(*obstacle.target_kind, obstacle.target));
    return meta.has_deleted_with() ? named_id(meta.deleted_with()) : obstacle.target;
  }

  const View& view_;
  const model::Uuid root_;
  std::map<model::Uuid, const model::Kind*> found_;
  std::map<model::Uuid, model::Uuid> kept_;  // with what they stay hidden
};

// May this link be made again: its record is there and the place is still free.
bool is_free(const v1::LinkRef& link, const View& view) {
  const model::Kind& kind = kind_numbered(link.kind());
  const auto record = view.record(kind, named_id(link.id()));
  if (!record) return false;
  const model::Field& field = *kind.message->field(link.field());
  return field.repeated || model::field_bytes(*record, field.number).empty();
}

Names<v1::LinkRef> links_to_make_again(const model::Uuid& id, const View& view, const Return& back) {
  Names<v1::LinkRef> links;
  for (const std::string& kept : remembered(id, view)) {
    const auto cut = parse<v1::RecordUnlinked>(kept);
    for (const v1::LinkRef& link : cut.unlinked()) {
      if (is_free(link, view) && (!link.has_target() || back.returns(named_id(link.target())))) links.add(link);
    }
  }
  return links;
}

std::optional<Rejection> check_restorable(const model::Kind& kind, const model::Uuid& id, std::string_view record,
                                          const View& view) {
  if (meta_of(record).has_deleted_with()) {
    return Rejection{"deleted", "This " + kind.name + " was hidden with another record; restore that one."};
  }
  const auto obstacle = find_obstacle(kind, record, view, [](const model::Uuid&) { return false; });
  if (obstacle) {
    const std::string detail = "The " + obstacle->target_kind->name + " it stands on is deleted; restore that first.";
    return Rejection{"deleted", detail, {{"/" + obstacle->field->name, "deleted", detail}}};
  }
  return check_unique(kind, id, record, view);
}

void show_all(const RepeatedPtrField<v1::RecordRef>& names, Store& store) {
  for (const v1::RecordRef& name : names) show(kind_numbered(name.kind()), named_id(name.id()), store);
}

void keep_all(const RepeatedPtrField<v1::HiddenRef>& names, Store& store) {
  for (const v1::HiddenRef& name : names) {
    const model::Kind& kind = kind_numbered(name.kind());
    const auto record = store.view().record(kind, named_id(name.id()));
    if (!record) continue;
    v1::Meta meta = meta_of(*record);
    meta.set_deleted_with(name.hidden_with());
    store.put(kind, named_id(name.id()), model::overlay(*record, with_meta(meta), {}));
  }
}

}  // namespace

Result<Events> restore(const model::Kind& kind, const model::Uuid& id, const View& view, const Context&) {
  const auto live = find_live(kind, id, view);
  if (live) return Events{};
  if (live.error().code != "deleted") return std::unexpected(live.error());
  const std::string record = *view.record(kind, id);
  if (auto rejection = check_restorable(kind, id, record, view)) return std::unexpected(std::move(*rejection));

  const Return back(view, kind, id);
  auto shown = back.shown();
  auto kept_hidden = back.kept_hidden();
  auto relinked = links_to_make_again(id, view, back);
  Events events;
  const auto add = [&](const std::string& name, const google::protobuf::Message& fact) {
    events.push_back({name, kind.number, id, fact.SerializeAsString(), {}, subject_of(id, record)});
  };
  v1::RecordRestored restored;
  std::size_t room = shown.write(*restored.mutable_shown(), kNamesPerEvent);
  room = kept_hidden.write(*restored.mutable_kept_hidden(), room);
  relinked.write(*restored.mutable_relinked(), room);
  add(kind.restored_event, restored);
  while (!shown.done() || !kept_hidden.done()) {
    v1::RecordShown more;
    room = shown.write(*more.mutable_shown(), kNamesPerEvent);
    kept_hidden.write(*more.mutable_kept_hidden(), room);
    add(kind.shown_event, more);
  }
  while (!relinked.done()) {
    v1::RecordRelinked more;
    relinked.write(*more.mutable_relinked(), kNamesPerEvent);
    add(kind.relinked_event, more);
  }
  return events;
}

void apply_restored(const Event& event, Store& store) {
  const auto restored = parse<v1::RecordRestored>(event.data);
  show(kind_numbered(event.kind), event.id, store);
  show_all(restored.shown(), store);
  keep_all(restored.kept_hidden(), store);
  relink(restored.relinked(), event.id, {}, store);
  forget(event.id, store);
}

void apply_shown(const Event& event, Store& store) {
  const auto shown = parse<v1::RecordShown>(event.data);
  show_all(shown.shown(), store);
  keep_all(shown.kept_hidden(), store);
}

}  // namespace daybook::domain
