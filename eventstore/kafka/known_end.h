#pragma once

#include <atomic>
#include <cstdint>

namespace daybook::eventstore {

/// How far a partition is known to reach: raised by whoever learns of more. Thread-safe.
class KnownEnd {
 public:
  std::uint64_t get() const { return end_; }
  void raise(std::uint64_t end) {
    std::uint64_t before = end_;
    while (before < end && !end_.compare_exchange_weak(before, end)) {
    }
  }

 private:
  std::atomic<std::uint64_t> end_ = 0;
};

}  // namespace daybook::eventstore
