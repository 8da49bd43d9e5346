#pragma once

#include <cstdint>
#include <optional>

#include "eventstore/codec_record.h"

namespace daybook::eventstore {

/// What the fence says about a record. Everything but kEffective is as if it had never been written.
enum class Ruling : std::uint8_t {
  kEffective,
  kStaleEpoch,  // a claim on an epoch that is not the current one, or a record of a writer that is not the current one
  kRepeated,    // its sequence was taken already
  kHole,        // a record before it is missing, so it cannot count either
};

/// Where a reader stands in a partition's fences: kept with the state, and enough to go on reading from there.
struct FencePosition {
  std::optional<std::uint64_t> epoch;  // offset of the effective claim; none before the first
  std::uint64_t sequence = 0;          // of the last effective record after that claim; 0: none yet
  bool operator==(const FencePosition&) const = default;
};

/// Which records of a partition count: the one rule that makes every reader of the same bytes see the same history,
/// whatever late, doubled or lost records its writers left there. Pure: no clock, no I/O. Not thread-safe.
///
/// A Claim is effective if its previous_epoch is the current epoch (absent: there is none yet); its own offset becomes
/// the epoch and the sequence starts over. A Commit, Part or Moved is effective if its epoch is the current one and its
/// sequence the last one + 1. Nothing is read after an effective Moved: that is its reader's duty.
class FenceRule {
 public:
  FenceRule() = default;
  explicit FenceRule(const FencePosition& position) : position_(position) {}

  /// Rules on the partition's next record. Records must come in the order of their offsets.
  Ruling accept(std::uint64_t offset, const Record& record);

  const FencePosition& position() const { return position_; }

 private:
  Ruling accept(const Fence& fence);

  FencePosition position_;
};

}  // namespace daybook::eventstore
