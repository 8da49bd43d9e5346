#include "eventstore/codec_events.h"

#include <stdexcept>
#include <utility>

#include "model/record.h"

namespace daybook::eventstore {
namespace {

// A big command names the same subject in many events, and finding a key takes a lock.
template <typename Found>
class Asked {
 public:
  explicit Asked(const std::function<Found(const model::Uuid&)>& ask) : ask_(ask) {}

  const Found& operator()(const model::Uuid& subject) {
    const auto known = answers_.find(subject);
    return known != answers_.end() ? known->second : answers_.emplace(subject, ask_(subject)).first->second;
  }

 private:
  const std::function<Found(const model::Uuid&)>& ask_;
  std::unordered_map<model::Uuid, Found> answers_;
};

}  // namespace

EventMessages::EventMessages() {
  const model::Schema& schema = model::schema();
  for (const model::Kind& kind : schema.kinds()) {
    add(kind.created_event, kind.message);
    add(kind.updated_event, kind.message);
    add(kind.deleted_event, schema.message("daybook.v1.RecordDeleted"));
    add(kind.restored_event, schema.message("daybook.v1.RecordRestored"));
    add(kind.hidden_event, schema.message("daybook.v1.RecordHidden"));
    add(kind.unlinked_event, schema.message("daybook.v1.RecordUnlinked"));
    add(kind.shown_event, schema.message("daybook.v1.RecordShown"));
    add(kind.relinked_event, schema.message("daybook.v1.RecordRelinked"));
  }
  for (const model::EventMessage& event : schema.event_messages()) add(event.name, event.message);
}

void EventMessages::add(const std::string& event_name, const model::Message* message) {
  if (message == nullptr) throw std::logic_error("event " + event_name + " has no message in daybook.v1");
  if (!messages_.emplace(event_name, message).second) throw std::logic_error("two messages for event " + event_name);
}

const model::Message& EventMessages::of(const std::string& event_name) const {
  const auto found = messages_.find(event_name);
  if (found == messages_.end()) throw std::logic_error("event " + event_name + " is not in the schema");
  return *found->second;
}

std::string EventPlace::associated_data(std::size_t index, std::string_view event_name) const {
  std::string out = "daybook.event.v1";
  out.reserve(out.size() + 40 + event_name.size());
  out.append(workspace.value.view()).append(command.view());
  append_big_endian(out, part);
  append_big_endian(out, static_cast<std::uint32_t>(index));
  return out.append(event_name);
}

void seal_events(BodyWriter& body, const std::vector<domain::Event>& events, const EventPlace& place,
                 const EventMessages& messages, const std::function<Key(const model::Uuid&)>& subject_key) {
  Asked<Key> key_of(subject_key);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const domain::Event& event = events[i];
    const model::Halves halves = model::split(messages.of(event.name), event.data);
    std::string sealed;
    if (!halves.personal.empty()) {
      const Key& key = key_of(event.subject.is_nil() ? event.id : event.subject);
      sealed = seal(key, halves.personal, place.associated_data(i, event.name));
    }
    body.append(event, halves.plain, sealed);
  }
}

std::expected<std::vector<domain::Event>, std::string> open_events(
    std::vector<KeptEvent> kept, const EventPlace& place,
    const std::function<std::optional<Key>(const model::Uuid&)>& subject_key) {
  Asked<std::optional<Key>> key_of(subject_key);
  std::vector<domain::Event> events;
  events.reserve(kept.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    domain::Event& event = events.emplace_back(std::move(kept[i].event));
    event.data = kept[i].plain;
    if (kept[i].sealed_personal.empty()) continue;
    const std::optional<Key>& key = key_of(event.subject);
    if (!key) continue;  // destroyed: the person is erased, the fact stays
    const auto personal = open(*key, kept[i].sealed_personal, place.associated_data(i, event.name));
    if (!personal) {
      return std::unexpected("event " + std::to_string(i) + " (" + event.name +
                             ") does not open under the key of its subject " + event.subject.text());
    }
    event.data = model::join(kept[i].plain, *personal);
  }
  return events;
}

}  // namespace daybook::eventstore
