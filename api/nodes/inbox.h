#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "api/nodes/relay.h"

namespace daybook::api {

/// What other threads have for the forwarder's. Thread-safe. Clients' connections hold on to it, so it may outlive the
/// forwarder.
class Inbox {
 public:
  /// `max_under_way` to one owner. `wake` tells the forwarder's thread that there is something; it must not block.
  Inbox(std::size_t max_under_way, std::function<void()> wake);

  enum class Put { kTaken, kFull, kClosed };
  /// Moves `forward` if it is taken: it is under way then, until leave().
  Put put(Forward& forward);
  /// For the transfer of that id. Dropped after close().
  void put(std::uint64_t transfer, const ClientNews& news);
  void leave(const std::string& owner_url);

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
  Letters letters_;                               // guarded by mutex_, as the rest
  std::map<std::string, std::size_t> under_way_;  // to each owner that has any
  bool closed_ = false;
};

}  // namespace daybook::api
