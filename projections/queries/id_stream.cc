#include "projections/queries/id_stream.h"

#include <algorithm>

#include "model/row_key.h"

namespace daybook::projections {
namespace {

constexpr std::size_t kSteps = 4;

}  // namespace

RowStream::RowStream(const domain::RowReader& rows, const std::vector<std::string>& prefixes, bool descending)
    : descending_(descending) {
  for (const std::string& prefix : prefixes) members_.push_back({prefix, rows.cursor(prefix), std::nullopt, false});
}

bool RowStream::reached(const Member& member, const model::Uuid& id) const {
  return !member.at || (descending_ ? *member.at <= id : *member.at >= id);
}

void RowStream::read(Member& member) const {
  member.at.reset();
  if (member.cursor->valid()) member.at = model::id_at_end(member.cursor->key());
}

void RowStream::move(Member& member, const model::Uuid& id, ScanBudget& budget) const {
  if (member.begun && reached(member, id)) return;
  // Streams of like size lie close together: a few steps cost less than a seek.
  for (std::size_t steps = 0; member.begun && steps < kSteps; ++steps) {
    descending_ ? member.cursor->prev() : member.cursor->next();
    budget.spend(ScanBudget::kRow);
    read(member);
    if (reached(member, id)) return;
  }
  member.begun = true;
  const std::string key = member.prefix + std::string(id.view());
  descending_ ? member.cursor->seek_back(key) : member.cursor->seek(key);
  budget.spend(ScanBudget::kSeek);
  read(member);
}

void RowStream::rewind() {
  for (Member& member : members_) member.begun = false;
}

std::optional<model::Uuid> RowStream::seek(const model::Uuid& id, ScanBudget& budget) {
  std::optional<model::Uuid> nearest;
  for (Member& member : members_) {
    move(member, id, budget);
    if (!member.at) continue;
    if (!nearest || (descending_ ? *member.at > *nearest : *member.at < *nearest)) nearest = member.at;
  }
  return nearest;
}

GatheredStream::GatheredStream(std::vector<model::Uuid> ids, bool descending)
    : descending_(descending), ids_(std::move(ids)) {
  std::sort(ids_.begin(), ids_.end());
}

std::optional<model::Uuid> GatheredStream::seek(const model::Uuid& id, ScanBudget& budget) {
  budget.spend(ScanBudget::kRow);
  if (!descending_) {
    const auto found = std::lower_bound(ids_.begin(), ids_.end(), id);
    return found == ids_.end() ? std::nullopt : std::optional(*found);
  }
  const auto after = std::upper_bound(ids_.begin(), ids_.end(), id);
  return after == ids_.begin() ? std::nullopt : std::optional(*std::prev(after));
}

void Intersection::rewind() {
  for (const auto& stream : streams_) stream->rewind();
}

Intersection::Leap Intersection::seek(const model::Uuid& id, ScanBudget& budget) {
  model::Uuid target = id;
  for (std::size_t agreed = 0, i = 0; agreed < streams_.size(); i = (i + 1) % streams_.size()) {
    if (budget.empty()) return {Result::kCut, target};
    const auto reached = streams_[i]->seek(target, budget);
    if (!reached) return {Result::kEnd, target};
    agreed = *reached == target ? agreed + 1 : 1;
    target = *reached;
  }
  return {Result::kFound, target};
}

}  // namespace daybook::projections
