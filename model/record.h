#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/schema.h"
#include "model/uuid.h"

namespace daybook::model {

/// Records are the wire bytes of an entity message with ascending field numbers. A sparse record holds only some
/// fields: a patch, an event, a history entry and both sealed halves are sparse records of the same message.

/// `base` with the fields of `patch` laid over it (a repeated field is replaced as a whole) and `cleared` taken out.
std::string overlay(std::string_view base, std::string_view patch, const std::vector<std::uint32_t>& cleared);

/// What of a patch would change `base`: equal fields are dropped from both halves. Both empty: nothing to change.
struct Patch {
  std::string set;                     // sparse record
  std::vector<std::uint32_t> cleared;  // ascending
  bool empty() const { return set.empty() && cleared.empty(); }
};
Patch reduce(std::string_view base, const Patch& patch);
/// The patch that turns `before` into `after`; field 1 (the system columns) is left out.
Patch difference(std::string_view before, std::string_view after);

/// The two halves of a record by the option `personal` of its top-level fields.
struct Halves {
  std::string plain;
  std::string personal;
};
Halves split(const Message& message, std::string_view record);
/// The record whose halves these are. `personal` may be empty (erased).
std::string join(std::string_view plain, std::string_view personal);

/// Single fields; the last occurrence counts (protobuf.dev). Views point into `record`.
std::optional<std::string_view> get_bytes(std::string_view record, std::uint32_t number);
std::optional<std::int64_t> get_integer(std::string_view record, std::uint32_t number);
std::optional<Uuid> get_uuid(std::string_view record, std::uint32_t number);
std::vector<std::string_view> get_all_bytes(std::string_view record, std::uint32_t number);
/// Every byte of the field, tags included, in order; empty when it is not set.
std::string field_bytes(std::string_view record, std::uint32_t number);
/// Numbers of the fields whose bytes differ, ascending; field 1 (the system columns) is left out.
std::vector<std::uint32_t> changed_fields(std::string_view before, std::string_view after);

}  // namespace daybook::model
