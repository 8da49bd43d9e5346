#include <stdexcept>
#include <utility>

#include "eventstore/crash_point.h"
#include "eventstore/writer.h"

namespace daybook::eventstore {

// The keys of a part of this process are pending no longer.
void Writer::settle_part(const PartRecord& part) {
  std::vector<std::string> names;
  {
    const std::lock_guard lock(mutex_);
    const auto is_settled = [&](const PartKeys& keys) {
      return keys.fence.epoch == part.fence.epoch && keys.fence.sequence <= part.fence.sequence;
    };
    while (!part_keys_.empty() && is_settled(part_keys_.front())) {
      for (std::string& name : part_keys_.front().names) names.push_back(std::move(name));
      part_keys_.pop_front();
    }
  }
  keyring_.settle(names);
}

// The commit that closes a big command: from now on fold_slice folds it.
bool Writer::begin_fold(OpenedCommit opened, std::optional<Pending> pending, const BigFold::Closing& closing) {
  auto fold = BigFold::begin(parts_source(), std::move(opened), closing, position_);
  if (!fold) {
    refuse(pending, fold.error());
    return false;
  }
  folds_.push_back({std::move(*fold), std::move(pending)});
  return true;
}

// After a start: big commits that were met and not folded to their end. Nobody is served before they are.
void Writer::resume_folds() {
  for (const BigPosition& place : position_.big) {
    if (!place.commit_offset) continue;
    auto fold = BigFold::resume(parts_source(), place);
    if (fold) {
      folds_.push_back({std::move(*fold), {}});
    } else {
      stop_workspace(fold.error(), place.workspace);
    }
  }
}

// What this process wrote and cannot read back is no damage of old: nothing more is to be written on top of it.
void Writer::refuse(std::optional<Pending>& pending, const HistoryDamage& damage) {
  stop_workspace(damage, *damage.workspace);
  if (!pending) return;
  fail("a commit with parts does not read back as it was written");
  answer(*pending, Fate::kUnknown);
}

// Folds the next slice of the oldest big commit; false when there is none.
bool Writer::fold_slice() {
  if (folds_.empty()) return false;
  Folding& folding = folds_.front();
  const auto slice = folding.fold.next(position_);
  if (!slice) {
    refuse(folding.pending, slice.error());
    folds_.pop_front();
    return true;
  }
  projection_.apply_slice(options_.partition, *slice, position_);
  pass(CrashPoint::kSlice);
  if (!slice->is_last) return true;
  if (folding.pending) answer_applied(*folding.pending);
  folds_.pop_front();
  changed_.notify_all();
  return true;
}

}  // namespace daybook::eventstore
