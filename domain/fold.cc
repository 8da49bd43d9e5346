#include "domain/fold.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <stdexcept>

#include "daybook/options.pb.h"
#include "domain/deletion.h"
#include "domain/kind_rules.h"
#include "domain/links.h"

namespace daybook::domain {
namespace {

const model::Kind& kind_of_event(const Event& event) {
  const model::Kind* kind = model::schema().kind(event.kind);
  if (kind == nullptr) throw std::runtime_error("event " + event.name + " is about a kind this binary does not know");
  return *kind;
}

void apply_created(const Event& event, Store& store) {
  std::string record = event.data;
  if (event.subject != event.id) {
    v1::Meta meta;
    meta.set_subject(std::string(event.subject.view()));
    record = model::overlay(record, with_meta(meta), {});
  }
  store.put(kind_of_event(event), event.id, record);
}

void apply_updated(const Event& event, Store& store) {
  store.patch(kind_of_event(event), event.id, event.data, event.cleared);
}

}  // namespace

std::string event_name(const google::protobuf::Descriptor& message) {
  return message.options().GetExtension(option::event_name);
}

Fold::Fold() {
  for (const model::Kind& kind : model::schema().kinds()) {
    types_[kind.created_event] = apply_created;
    types_[kind.updated_event] = apply_updated;
    types_[kind.deleted_event] = apply_deleted;
    types_[kind.restored_event] = apply_restored;
    types_[kind.hidden_event] = apply_hidden;
    types_[kind.unlinked_event] = apply_unlinked;
    types_[kind.shown_event] = apply_shown;
    types_[kind.relinked_event] = apply_relinked;
    for (const EventType& type : rules_of(kind).events) types_[type.name] = type.apply;
  }
  for (const model::EventMessage& event : model::schema().event_messages()) {
    if (!types_.contains(event.name)) throw std::logic_error(event.name + " has no apply: list it in its kind's rules");
  }
}

void Fold::apply(const Event& event, Store& store) const {
  const auto found = types_.find(event.name);
  if (found == types_.end())
    throw std::runtime_error("this binary does not know the event " + event.name + "; upgrade it");
  found->second(event, store);
}

const Fold& fold() {
  static const Fold kFold;
  return kFold;
}

}  // namespace daybook::domain
