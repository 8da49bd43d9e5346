#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

#include "api/server/loop.h"

namespace daybook::api {

// Counts open connections, all and by address. Any thread.
class Admission {
 public:
  Admission(std::size_t most, std::size_t most_per_address) : most_(most), most_per_address_(most_per_address) {}

  // False, and nothing is counted, when one more would be too many.
  bool enter(const std::string& address);
  // Once for each enter() that was true.
  void leave(const std::string& address);

  std::size_t open() const;
  // True when no connection is left; false when the deadline came first.
  bool wait_until_empty(Clock::time_point deadline);

 private:
  const std::size_t most_;
  const std::size_t most_per_address_;
  mutable std::mutex mutex_;
  std::condition_variable emptied_;
  std::size_t open_ = 0;                                     // guarded by mutex_
  std::unordered_map<std::string, std::size_t> by_address_;  // guarded by mutex_
};

}  // namespace daybook::api
