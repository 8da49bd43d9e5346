#include "eventstore/fence.h"

#include <variant>

namespace daybook::eventstore {

Ruling FenceRule::accept(std::uint64_t offset, const Record& record) {
  if (const auto* claim = std::get_if<ClaimRecord>(&record)) {
    if (claim->previous_epoch != position_.epoch) return Ruling::kStaleEpoch;
    position_ = {offset, 0};
    return Ruling::kEffective;
  }
  if (const auto* commit = std::get_if<CommitRecord>(&record)) return accept(commit->fence);
  if (const auto* moved = std::get_if<MovedRecord>(&record)) return accept(moved->fence);
  return accept(std::get<PartRecord>(record).fence);
}

Ruling FenceRule::accept(const Fence& fence) {
  if (position_.epoch != fence.epoch) return Ruling::kStaleEpoch;
  if (fence.sequence <= position_.sequence) return Ruling::kRepeated;
  if (fence.sequence != position_.sequence + 1) return Ruling::kHole;
  position_.sequence = fence.sequence;
  return Ruling::kEffective;
}

}  // namespace daybook::eventstore
