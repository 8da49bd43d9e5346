#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/event.h"
#include "domain/store.h"

namespace daybook::domain {

/// How one event changes the workspace. Never fails, never decides.
using Apply = void (*)(const Event&, Store&);

struct EventType {
  std::string name;
  Apply apply;
};

/// The name on the log of the business event M, from its option event_name.
std::string event_name(const google::protobuf::Descriptor& message);

/// The event types of one domain file. A message without `apply(const M&, const Event&, Store&)` does not compile.
template <typename... M>
std::vector<EventType> event_types() {
  return {EventType{event_name(*M::descriptor()),
                    [](const Event& event, Store& store) { apply(parse<M>(event.data), event, store); }}...};
}

/// The fold of events into records: one entry for every name that may stand in the log.
class Fold {
 public:
  /// Throws std::logic_error if a business event of the protos has no entry.
  Fold();
  /// Throws std::runtime_error on a name that this binary does not know.
  void apply(const Event& event, Store& store) const;

 private:
  std::unordered_map<std::string, Apply> types_;
};

const Fold& fold();

/// A business event about a record, sealed for the record's subject.
template <typename M>
Event business_event(const M& message, const model::Uuid& id, const model::Uuid& subject) {
  const std::string name = event_name(*M::descriptor());
  const model::Kind& kind = *model::schema().kind(std::string_view(name).substr(0, name.find('.')));
  return Event{name, kind.number, id, message.SerializeAsString(), {}, subject};
}

}  // namespace daybook::domain
