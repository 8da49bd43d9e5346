#pragma once

#include <cstdint>
#include <functional>

#include "api/call.h"

namespace daybook::api {

/// Waits for a workspace's next event on behalf of a call. Used on the connection's thread, where it also calls back.
class NextPosition {
 public:
  /// `reached` runs once or twice after the workspace went beyond `position`, which may be so already; never within
  /// this call, and perhaps still after the object is gone: let it hold its own weakly.
  NextPosition(const Call& call, std::uint64_t position, std::function<void()> reached);
  ~NextPosition();
  NextPosition(const NextPosition&) = delete;
  NextPosition& operator=(const NextPosition&) = delete;

 private:
  projections::Positions& positions_;
  model::WorkspaceId workspace_;
  std::uint64_t waiter_;
};

}  // namespace daybook::api
