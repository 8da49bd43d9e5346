#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "eventstore/kafka/key_row.h"
#include "eventstore/log.h"

namespace daybook::eventstore {

/// Which rows of a partition of wrapped keys count: one rule, so that every reader of the same rows finds the same
/// keys, whatever a writer that was replaced still sends. Pure. Not thread-safe.
///
/// Rows are read in the order of their offsets.
///  1. A row counts unless a row of a higher epoch stood before it.
///  2. Of the rows of one name that count, the last one holds.
///  3. A row without a value takes away the row of the same name and epoch, whenever it comes.
///
/// Why this loses no key. A writer whose claim was read back writes a fence, an empty row of its epoch, reads up to it,
/// and only then makes keys: what it finds by then is all that counts of lower epochs, for ever. A record is produced
/// after its rows were read back, so rows that a record which counts needs stand before the claim that ends its epoch,
/// and so before that claim's fence. A late row of an older writer comes before the fence, and the new writer finds it
/// there, or after it, and no reader takes it. Compaction keeps the last row of each Kafka key; as a writer writes each
/// of its rows once, and the epoch is a part of the key, what it removes is what was destroyed.
class KeyTable {
 public:
  void read(KeyRow row);

  /// The wrapped key that holds under the name.
  std::optional<std::string> find(const std::string& name) const;
  std::vector<WrappedKey> all() const;
  /// Whether a row with this name, epoch and value holds.
  bool holds(const KeyRow& row) const;
  /// The highest epoch of all rows so far; none before the first one.
  std::optional<std::uint64_t> epoch() const { return epoch_; }
  std::size_t size() const { return keys_.size(); }

 private:
  struct Held {
    std::uint64_t epoch;
    std::string value;
  };

  std::optional<std::uint64_t> epoch_;
  std::unordered_map<std::string, Held> keys_;
};

}  // namespace daybook::eventstore
