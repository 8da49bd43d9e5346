#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/event.h"
#include "eventstore/codec_body.h"
#include "eventstore/seal.h"
#include "model/schema.h"
#include "model/uuid.h"

namespace daybook::eventstore {

/// The inner layer of sealing: events in two halves, the personal one under its subject's key.

/// Which message each event on the log carries, from the schema. Immutable after construction.
class EventMessages {
 public:
  /// Throws std::logic_error naming the event where the schema has no message for it, or two.
  EventMessages();
  /// Throws std::logic_error on a name that the schema lacks.
  const model::Message& of(const std::string& event_name) const;

 private:
  void add(const std::string& event_name, const model::Message* message);

  std::unordered_map<std::string, const model::Message*> messages_;
};

/// The record that holds the events. A personal half is sealed to its place in it and opens nowhere else.
struct EventPlace {
  static constexpr std::uint32_t kInCommit = 0xFFFFFFFF;

  model::WorkspaceId workspace;
  model::Uuid command;
  std::uint32_t part = kInCommit;  // index of the Part

  /// What the personal half of the record's `index`-th event is bound to.
  std::string associated_data(std::size_t index, std::string_view event_name) const;
};

/// Appends the events to a body. `subject_key` is asked once for each subject that has a personal half.
void seal_events(BodyWriter& body, const std::vector<domain::Event>& events, const EventPlace& place,
                 const EventMessages& messages, const std::function<Key(const model::Uuid&)>& subject_key);

/// The events with both halves joined; the plain half alone where `subject_key` has nothing. An error names the event
/// that does not open under its subject's key.
std::expected<std::vector<domain::Event>, std::string> open_events(
    std::vector<KeptEvent> kept, const EventPlace& place,
    const std::function<std::optional<Key>(const model::Uuid&)>& subject_key);

/// `number` in big-endian order, as associated data and ids hold numbers.
template <typename Number>
void append_big_endian(std::string& out, Number number) {
  for (int shift = 8 * (static_cast<int>(sizeof(Number)) - 1); shift >= 0; shift -= 8) {
    out += static_cast<char>(number >> shift);
  }
}

}  // namespace daybook::eventstore
