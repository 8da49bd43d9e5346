#include "domain/deletion.h"

#include <set>

#include "domain/facts.h"
#include "domain/links.h"

namespace daybook::domain {
namespace {

using google::protobuf::RepeatedPtrField;

// Collects what a deletion reaches, through records that are hidden in turn.
class Reach {
 public:
  Reach(const View& view, const model::Uuid& root) : view_(view), root_(root), seen_{root} {}

  std::optional<Rejection> follow(const model::Kind& kind, const model::Uuid& id) {
    for (const model::Referrer& referrer : model::schema().referrers(kind.number)) {
      if (auto rejection = follow(referrer, id)) return rejection;
    }
    return std::nullopt;
  }

  Names<v1::RecordRef> hidden;
  Names<v1::LinkRef> unlinked;

 private:
  std::optional<Rejection> follow(const model::Referrer& referrer, const model::Uuid& target) {
    std::vector<model::Uuid> found;
    std::optional<Rejection> rejection;
    view_.for_each_posting(*referrer.kind, *referrer.field, target.view(), [&](const model::Uuid& id) {
      const auto record = view_.record(*referrer.kind, id);
      if (!record) return true;
      const model::OnDelete effect = effect_on(referrer, *record);
      if (effect == model::OnDelete::kSetNull) {
        unlink(referrer, id, target);
      } else if (effect == model::OnDelete::kCascade && !is_deleted(*record)) {
        found.push_back(id);
      } else if (effect == model::OnDelete::kRestrict && !is_deleted(*record)) {
        rejection = Rejection{"in_use", "A " + referrer.kind->name + " still refers to it: " + id.text() + "."};
      }
      return !rejection;
    });
    for (const model::Uuid& id : found) {
      if (rejection || !seen_.insert(id).second) continue;
      hidden.add(name_record(*referrer.kind, id));
      rejection = follow(*referrer.kind, id);
    }
    return rejection;
  }

  void unlink(const model::Referrer& referrer, const model::Uuid& id, const model::Uuid& target) {
    v1::LinkRef link = name_link(referrer, id);
    if (target != root_) link.set_target(std::string(target.view()));
    unlinked.add(std::move(link));
  }

  const View& view_;
  const model::Uuid root_;
  std::set<model::Uuid> seen_;
};

void hide_all(const RepeatedPtrField<v1::RecordRef>& names, const model::Uuid& with, Store& store) {
  for (const v1::RecordRef& name : names) hide(kind_numbered(name.kind()), named_id(name.id()), with, store);
}

void unlink_all(const RepeatedPtrField<v1::LinkRef>& links, const model::Uuid& target, Store& store) {
  for (const v1::LinkRef& link : links) {
    const model::Kind& kind = kind_numbered(link.kind());
    const model::Field* field = kind.message->field(link.field());
    const auto record = store.view().record(kind, named_id(link.id()));
    if (field == nullptr || !record) continue;
    const std::string_view from = link.has_target() ? std::string_view(link.target()) : target.view();
    store.put(kind, named_id(link.id()), without_link(*record, *field, from));
  }
  if (links.empty()) return;
  v1::RecordUnlinked kept;
  *kept.mutable_unlinked() = links;
  remember(target, kept.SerializeAsString(), store);
}

}  // namespace

Result<Events> remove(const model::Kind& kind, const model::Uuid& id, const View& view, const Context&) {
  const auto record = find_live(kind, id, view);
  if (!record) {
    if (record.error().code == "deleted") return Events{};
    return std::unexpected(record.error());
  }
  Reach reach(view, id);
  if (auto rejection = reach.follow(kind, id)) return std::unexpected(std::move(*rejection));
  Events events;
  const auto add = [&](const std::string& name, const google::protobuf::Message& fact) {
    events.push_back({name, kind.number, id, fact.SerializeAsString(), {}, subject_of(id, *record)});
  };
  v1::RecordDeleted deleted;
  const std::size_t room = reach.hidden.write(*deleted.mutable_hidden(), kNamesPerEvent);
  reach.unlinked.write(*deleted.mutable_unlinked(), room);
  add(kind.deleted_event, deleted);
  while (!reach.hidden.done()) {
    v1::RecordHidden more;
    reach.hidden.write(*more.mutable_hidden(), kNamesPerEvent);
    add(kind.hidden_event, more);
  }
  while (!reach.unlinked.done()) {
    v1::RecordUnlinked more;
    reach.unlinked.write(*more.mutable_unlinked(), kNamesPerEvent);
    add(kind.unlinked_event, more);
  }
  return events;
}

void apply_deleted(const Event& event, Store& store) {
  const auto deleted = parse<v1::RecordDeleted>(event.data);
  hide(kind_numbered(event.kind), event.id, std::nullopt, store);
  hide_all(deleted.hidden(), event.id, store);
  unlink_all(deleted.unlinked(), event.id, store);
}

void apply_hidden(const Event& event, Store& store) {
  hide_all(parse<v1::RecordHidden>(event.data).hidden(), event.id, store);
}

void apply_unlinked(const Event& event, Store& store) {
  unlink_all(parse<v1::RecordUnlinked>(event.data).unlinked(), event.id, store);
}

}  // namespace daybook::domain
