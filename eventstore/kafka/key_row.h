#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace daybook::eventstore {

/// A row of the topic of wrapped keys (docs/log-format.md, "On Kafka"). Its Kafka key is what compaction knows it by:
/// name | epoch (8 bytes, big-endian), so that no writer's row ever takes the place of another writer's.
struct KeyRow {
  std::string name;         // of the key; empty: a fence
  std::uint64_t epoch = 0;  // of the claim under which it was written
  std::optional<std::string>
      value;  // the wrapped key, empty in a fence; nothing: the row with this name and epoch is destroyed

  bool is_fence() const { return name.empty(); }
  /// Rows that mean nothing before this one begin with it, in whatever order they reached the broker.
  static KeyRow fence(std::uint64_t epoch) { return {{}, epoch, std::string()}; }
  bool operator==(const KeyRow&) const = default;
};

/// The row as Kafka keeps it. The value begins with the byte 1, the version of this form, and is null where the row
/// destroys.
struct StoredKeyRow {
  std::string key;
  std::optional<std::string> value;
  bool operator==(const StoredKeyRow&) const = default;
};
StoredKeyRow write_key_row(const KeyRow& row);
/// Nothing where it is none of this version.
std::optional<KeyRow> read_key_row(std::string_view key, std::optional<std::string_view> value);

/// The Kafka key of a record: how far the partition of keys must have been read before the record can be opened, as
/// offset + 1 of the last row (8 bytes, big-endian). An absent one is 0.
std::string write_keys_needed(std::uint64_t position);
std::optional<std::uint64_t> read_keys_needed(std::string_view key);

}  // namespace daybook::eventstore
