#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/uuid.h"

namespace daybook::domain {

/// Who did it (daybook.v1.Actor as a value).
struct Actor {
  enum class Kind : std::uint8_t {
    kNone = 0,
    kApiKey = 1,
    kMember = 2,
    kImport = 3,
    kIntegration = 4,
    kSystem = 5,
    kOperator = 6
  };
  Kind kind = Kind::kNone;
  model::Uuid id;
  bool operator==(const Actor&) const = default;
};

/// One domain event, opened: what happened to one record. Generic facts carry a sparse record of the entity and the
/// fields they cleared; business events carry their own message. Personal and plain fields stand together here.
struct Event {
  std::string name;                    // such as contact.created
  std::uint32_t kind = 0;              // of the record, in daybook.v1.Contract
  model::Uuid id;                      // of the record
  std::string data;                    // wire bytes of the sparse record or of the event's own message
  std::vector<std::uint32_t> cleared;  // fields the fact set to null
  model::Uuid subject;                 // whose key seals the personal half
  bool operator==(const Event&) const = default;
};

}  // namespace daybook::domain
