#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <unordered_map>

#include "model/uuid.h"

namespace daybook::projections {

/// Who waits for a workspace to reach a position: long polls, streams, reads of one's own writes. Thread-safe;
/// callbacks run on the thread that reports the position and must not wait.
class Positions {
 public:
  using Callback = std::function<void()>;

  void reached(model::WorkspaceId workspace, std::uint64_t position);
  /// Calls back once, when the workspace reaches `position`. The caller looks at the state after this returned, so that
  /// nothing is missed in between. The number is for `forget`.
  std::uint64_t wait_for(model::WorkspaceId workspace, std::uint64_t position, Callback callback);
  void forget(model::WorkspaceId workspace, std::uint64_t waiter);

 private:
  struct Waiting {
    std::uint64_t position;
    Callback callback;
  };
  std::mutex mutex_;
  std::uint64_t next_waiter_ = 1;
  std::unordered_map<model::WorkspaceId, std::map<std::uint64_t, Waiting>> waiting_;
};

}  // namespace daybook::projections
