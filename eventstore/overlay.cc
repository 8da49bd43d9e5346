#include "eventstore/overlay.h"

namespace daybook::eventstore {

void Overlay::add(model::WorkspaceId workspace, std::uint64_t sequence, const domain::LayerRows::Changes& changes) {
  Rows& rows = workspaces_[workspace];
  Entry entry{sequence, workspace, {}};
  entry.keys.reserve(changes.size());
  for (const auto& [key, value] : changes) {
    rows.values.insert_or_assign(key, value);
    rows.sequences.insert_or_assign(key, sequence);
    entry.keys.push_back(key);
  }
  entries_.push_back(std::move(entry));
}

void Overlay::forget_to(std::uint64_t sequence) {
  while (!entries_.empty() && entries_.front().sequence <= sequence) {
    const Entry& entry = entries_.front();
    Rows& rows = workspaces_[entry.workspace];
    for (const std::string& key : entry.keys) {
      const auto newest = rows.sequences.find(key);
      if (newest == rows.sequences.end() || newest->second != entry.sequence) continue;
      rows.values.erase(key);
      rows.sequences.erase(newest);
    }
    if (rows.values.empty()) workspaces_.erase(entry.workspace);
    entries_.pop_front();
  }
}

const domain::LayerRows::Changes* Overlay::changes(model::WorkspaceId workspace) const {
  const auto found = workspaces_.find(workspace);
  return found == workspaces_.end() ? nullptr : &found->second.values;
}

std::optional<std::string> PendingRows::get(std::string_view key) const {
  if (changes_ != nullptr) {
    if (const auto found = changes_->find(key); found != changes_->end()) return found->second;
  }
  if (const auto* known = cache_.find(workspace_, key)) return *known;
  auto value = state_.get(key);
  cache_.put(workspace_, key, value);
  return value;
}

void PendingRows::scan(std::string_view prefix, std::string_view from, const domain::RowVisitor& visit) const {
  if (changes_ == nullptr) {
    state_.scan(prefix, from, visit);
  } else {
    domain::scan_merged(state_, *changes_, prefix, from, visit);
  }
}

std::unique_ptr<domain::RowCursor> PendingRows::cursor(std::string_view prefix) const {
  if (changes_ == nullptr) return state_.cursor(prefix);
  return domain::merged_cursor(state_, *changes_, prefix);
}

}  // namespace daybook::eventstore
