#include "eventstore/row_cache.h"

namespace daybook::eventstore {
namespace {

std::size_t size_of(std::string_view key, const std::optional<std::string>& value) {
  constexpr std::size_t kNode = 96;  // of the map, and both strings' own bytes
  return kNode + key.size() + (value ? value->size() : 0);
}

}  // namespace

const std::optional<std::string>* RowCache::find(model::WorkspaceId workspace, std::string_view key) const {
  const auto rows = workspaces_.find(workspace);
  if (rows == workspaces_.end()) return nullptr;
  const auto row = rows->second.find(key);
  return row == rows->second.end() ? nullptr : &row->second;
}

void RowCache::put(model::WorkspaceId workspace, std::string_view key, const std::optional<std::string>& value) {
  if (bytes_ > limit_bytes_) clear();
  const auto [row, is_new] = workspaces_[workspace].try_emplace(std::string(key), value);
  if (is_new) bytes_ += size_of(row->first, row->second);
}

void RowCache::forget(model::WorkspaceId workspace, const domain::LayerRows::Changes& changes) {
  const auto rows = workspaces_.find(workspace);
  if (rows == workspaces_.end()) return;
  for (const auto& [key, value] : changes) {
    const auto row = rows->second.find(std::string_view(key));
    if (row == rows->second.end()) continue;
    bytes_ -= size_of(row->first, row->second);
    rows->second.erase(row);
  }
}

void RowCache::forget(model::WorkspaceId workspace) {
  const auto rows = workspaces_.find(workspace);
  if (rows == workspaces_.end()) return;
  for (const auto& [key, value] : rows->second) bytes_ -= size_of(key, value);
  workspaces_.erase(rows);
}

void RowCache::clear() {
  workspaces_.clear();
  bytes_ = 0;
}

}  // namespace daybook::eventstore
