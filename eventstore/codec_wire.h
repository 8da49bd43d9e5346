#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "eventstore/commit.h"
#include "eventstore/seal.h"
#include "model/uuid.h"
#include "model/wire.h"

namespace daybook::eventstore {

/// How the messages of proto/daybook/log are written and read: as Protobuf would write them, with ascending numbers and
/// without default values, and nothing else is read. A field unknown here could change what a record means, so a reader
/// that ignored it would not see what others see.

/// Calls `visit(field)` for each field; false where it returns false, where a number other than `repeated` comes again
/// or out of order, and where the bytes are not a message.
template <typename Visit>
bool walk(std::string_view message, std::uint32_t repeated, Visit visit) {
  model::WireReader reader(message);
  std::uint32_t last = 0;
  for (model::WireField field; reader.next(field);) {
    const bool in_order = field.number > last || (field.number == last && field.number == repeated);
    if (!in_order || !visit(field)) return false;
    last = field.number;
  }
  return !reader.damaged();
}

template <typename Integer>
bool read(const model::WireField& field, Integer& out) {
  if (field.type != model::WireType::kVarint) return false;
  out = static_cast<Integer>(field.varint);
  return sizeof(Integer) == sizeof(std::uint64_t) || field.varint <= std::numeric_limits<Integer>::max();
}
inline bool read(const model::WireField& field, std::string_view& out) {
  out = field.bytes;
  return field.type == model::WireType::kBytes;
}
inline bool read(const model::WireField& field, std::string& out) {
  out = field.bytes;
  return field.type == model::WireType::kBytes;
}
inline bool read(const model::WireField& field, model::Uuid& out) {
  const auto id = model::Uuid::from_bytes(field.bytes);
  if (id) out = *id;
  return id.has_value();
}
inline bool read(const model::WireField& field, Hash& out) {
  if (field.bytes.size() != out.size()) return false;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(field.bytes[i]);
  return true;
}

// A default value is not written, as Protobuf does for fields without presence.
inline void write(std::string& out, std::uint32_t number, std::uint64_t value) {
  if (value != 0) model::append_varint_field(out, number, value);
}
inline void write(std::string& out, std::uint32_t number, std::string_view bytes) {
  if (!bytes.empty()) model::append_bytes_field(out, number, bytes);
}

}  // namespace daybook::eventstore
