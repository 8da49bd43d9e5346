#include "domain/rows.h"

#include <algorithm>

#include "domain/map_cursor.h"

namespace daybook::domain {
namespace {

class MemoryCursor final : public MapCursor<std::map<std::string, std::string, std::less<>>, RowCursor> {
 public:
  using MapCursor::MapCursor;
  std::string_view value() const override { return mapped(); }
};

}  // namespace

std::string after_prefix(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

std::optional<std::string> MemoryRows::get(std::string_view key) const {
  const auto found = rows_.find(key);
  if (found == rows_.end()) return std::nullopt;
  return found->second;
}

void MemoryRows::scan(std::string_view prefix, std::string_view from, const RowVisitor& visit) const {
  for (auto row = rows_.lower_bound(std::max(prefix, from)); row != rows_.end(); ++row) {
    if (!row->first.starts_with(prefix) || !visit(row->first, row->second)) return;
  }
}

std::unique_ptr<RowCursor> MemoryRows::cursor(std::string_view prefix) const {
  return std::make_unique<MemoryCursor>(rows_, prefix);
}

void MemoryRows::put(std::string_view key, std::string_view value) { rows_.insert_or_assign(std::string(key), value); }

void MemoryRows::erase(std::string_view key) {
  const auto found = rows_.find(key);
  if (found != rows_.end()) rows_.erase(found);
}

std::optional<std::string> LayerRows::get(std::string_view key) const {
  const auto found = changes_.find(key);
  return found == changes_.end() ? below_.get(key) : found->second;
}

void LayerRows::scan(std::string_view prefix, std::string_view from, const RowVisitor& visit) const {
  scan_merged(below_, changes_, prefix, from, visit);
}

std::unique_ptr<RowCursor> LayerRows::cursor(std::string_view prefix) const {
  return merged_cursor(below_, changes_, prefix);
}

void LayerRows::put(std::string_view key, std::string_view value) {
  changes_.insert_or_assign(std::string(key), std::string(value));
}

void LayerRows::erase(std::string_view key) { changes_.insert_or_assign(std::string(key), std::nullopt); }

void keep(const LayerRows::Changes& changes, Rows& rows) {
  for (const auto& [key, value] : changes) {
    if (value) {
      rows.put(key, *value);
    } else {
      rows.erase(key);
    }
  }
}

void scan_merged(const RowReader& below, const LayerRows::Changes& changes, std::string_view prefix,
                 std::string_view from, const RowVisitor& visit) {
  auto change = changes.lower_bound(std::max(prefix, from));
  const auto pending = [&] { return change != changes.end() && change->first.starts_with(prefix); };
  bool going = true;
  below.scan(prefix, from, [&](std::string_view key, std::string_view value) {
    for (; going && pending() && change->first < key; ++change) {
      if (change->second) going = visit(change->first, *change->second);
    }
    if (!going) return false;
    if (pending() && change->first == key) {
      if (change->second) going = visit(key, *change->second);
      ++change;
    } else {
      going = visit(key, value);
    }
    return going;
  });
  for (; going && pending(); ++change) {
    if (change->second) going = visit(change->first, *change->second);
  }
}

}  // namespace daybook::domain
