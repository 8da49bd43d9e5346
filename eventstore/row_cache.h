#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "domain/rows.h"
#include "model/uuid.h"

namespace daybook::eventstore {

/// Rows of the state that decisions ask for again and again: settings, owners, companies, counts; and that there are
/// none. Rows that decisions read change through the commits of the thread that decides, so that thread alone uses it
/// and says what it changed. Bounded: a full one starts over.
class RowCache {
 public:
  explicit RowCache(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  /// What was put, nullptr when the row is not known here. Holds until the next call.
  const std::optional<std::string>* find(model::WorkspaceId workspace, std::string_view key) const;
  /// Of a row that is not known here.
  void put(model::WorkspaceId workspace, std::string_view key, const std::optional<std::string>& value);
  void forget(model::WorkspaceId workspace, const domain::LayerRows::Changes& changes);
  void forget(model::WorkspaceId workspace);
  void clear();

 private:
  struct KeyHash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Rows = std::unordered_map<std::string, std::optional<std::string>, KeyHash, std::equal_to<>>;

  const std::size_t limit_bytes_;
  std::size_t bytes_ = 0;
  std::unordered_map<model::WorkspaceId, Rows> workspaces_;
};

}  // namespace daybook::eventstore
