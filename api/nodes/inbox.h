#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "api/nodes/relay.h"

namespace daybook::api {

/// What other threads have for the forwarder's. Thread-safe. Clients' connections hold on to it, so it may outlive the
/// forwarder.
class Inbox {
 public:
  /// `wake` tells the forwarder's thread that there is something; it must not block.
  Inbox(std::size_t max_under_way, std::function<void()> wake);

  enum class Put { kTaken, kFull, kClosed };
  /// Moves `forward` if it is taken: it is under way then, until leave().
  Put put(Forward& forward);
  /// For the transfer of that id. Dropped after close().
  void put(std::uint64_t transfer, const ClientNews& news);
  void leave();

  struct Letters {
    std::vector<Forward> forwards;
    std::vector<std::pair<std::uint64_t, ClientNews>> news;
  };
  /// Everything since the last time.
  Letters take();
  /// Takes nothing more, and calls `wake` no more.
  void close();

 private:
  const std::size_t max_under_way_;
  const std::function<void()> wake_;
  std::mutex mutex_;
  Letters letters_;  // guarded by mutex_, as the rest
  std::size_t under_way_ = 0;
  bool closed_ = false;
};

}  // namespace daybook::api
