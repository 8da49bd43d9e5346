#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/rows.h"
#include "eventstore/row_cache.h"
#include "model/uuid.h"

namespace daybook::eventstore {

/// Rows that decided commands changed and that the state does not show yet. One thread uses it.
class Overlay {
 public:
  /// Lays a commit's changes over the workspace's rows.
  void add(model::WorkspaceId workspace, std::uint64_t sequence, const domain::LayerRows::Changes& changes);
  /// The state shows everything up to this commit.
  void forget_to(std::uint64_t sequence);
  /// The workspace's pending changes, newest value of each row; nullptr when there are none.
  const domain::LayerRows::Changes* changes(model::WorkspaceId workspace) const;

 private:
  struct Rows {
    domain::LayerRows::Changes values;
    std::map<std::string, std::uint64_t, std::less<>> sequences;  // of the newest change of each row
  };
  struct Entry {
    std::uint64_t sequence;
    model::WorkspaceId workspace;
    std::vector<std::string> keys;
  };

  std::unordered_map<model::WorkspaceId, Rows> workspaces_;
  std::deque<Entry> entries_;
};

/// A workspace's rows as they will be when everything pending is applied.
class PendingRows final : public domain::RowReader {
 public:
  /// All outlive this object; `changes` may be null. Rows that are got from the state are kept in the cache.
  PendingRows(model::WorkspaceId workspace, const domain::RowReader& state, const domain::LayerRows::Changes* changes,
              RowCache& cache)
      : workspace_(workspace), state_(state), changes_(changes), cache_(cache) {}

  std::optional<std::string> get(std::string_view key) const override;
  void scan(std::string_view prefix, std::string_view from, const domain::RowVisitor& visit) const override;
  std::unique_ptr<domain::RowCursor> cursor(std::string_view prefix) const override;

 private:
  const model::WorkspaceId workspace_;
  const domain::RowReader& state_;
  const domain::LayerRows::Changes* changes_;
  RowCache& cache_;
};

}  // namespace daybook::eventstore
