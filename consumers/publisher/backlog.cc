#include "consumers/publisher/backlog.h"

#include <algorithm>
#include <utility>

namespace daybook::consumers {

void Backlog::add(model::WorkspaceId workspace, std::uint64_t first, std::uint64_t last) {
  const auto [found, is_new] = spans_.try_emplace(workspace, Span{first - 1, first - 1, first - 1});
  Span& span = found->second;
  if (!is_new && span.taken == span.published && first - 1 < span.published) {
    size_ += span.published - (first - 1);
    span.published = span.taken = first - 1;
  }
  if (last > span.last) {
    size_ += last - span.last;
    span.last = last;
  }
  line_up(workspace, span);
}

void Backlog::line_up(model::WorkspaceId workspace, Span& span) {
  if (span.is_in_turn || span.taken == span.last) return;
  span.is_in_turn = true;
  turn_.push_back(workspace);
}

std::optional<Backlog::Run> Backlog::take(std::uint64_t limit) {
  while (!turn_.empty()) {
    const model::WorkspaceId workspace = turn_.front();
    turn_.pop_front();
    const auto found = spans_.find(workspace);
    if (found == spans_.end()) continue;  // found on the topic meanwhile
    Span& span = found->second;
    span.is_in_turn = false;
    const Run run{workspace, span.taken + 1, std::min(span.taken + limit, span.last)};
    if (run.first > run.last) continue;
    span.taken = run.last;
    line_up(workspace, span);
    return run;
  }
  return std::nullopt;
}

void Backlog::published(model::WorkspaceId workspace, std::uint64_t position) {
  const auto found = spans_.find(workspace);
  if (found == spans_.end() || position <= found->second.published) return;
  Span& span = found->second;
  size_ -= position - span.published;
  span.published = position;
  span.taken = std::max(span.taken, position);
  if (const auto awaited = awaited_.find(workspace); awaited != awaited_.end() && awaited->second <= position) {
    awaited_.erase(awaited);
  }
  if (span.published == span.last) spans_.erase(found);
}

void Backlog::found(model::WorkspaceId workspace, std::uint64_t position) {
  const auto known = spans_.find(workspace);
  if (known != spans_.end() && position == known->second.published + 1) published(workspace, position);
}

void Backlog::rewind() {
  for (auto& [workspace, span] : spans_) {
    span.taken = span.published;
    line_up(workspace, span);
  }
}

void Backlog::set(Mark mark) {
  mark_ = mark;
  awaited_.clear();
  for (const auto& [workspace, span] : spans_) awaited_.emplace(workspace, span.last);
}

std::optional<Backlog::Mark> Backlog::take_passed() {
  if (!awaited_.empty()) return std::nullopt;
  return std::exchange(mark_, std::nullopt);
}

}  // namespace daybook::consumers
