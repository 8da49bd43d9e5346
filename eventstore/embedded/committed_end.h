#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace daybook::eventstore {

/// The offset after the last record on stable storage: the committer moves it, readers wait for it. Thread-safe.
class CommittedEnd {
 public:
  explicit CommittedEnd(std::uint64_t end) : end_(end) {}

  std::uint64_t get() const { return end_; }

  void advance(std::uint64_t end) {
    {
      const std::lock_guard lock(mutex_);
      end_ = end;
    }
    moved_.notify_all();
  }

  /// Whether there is a record at `offset`, waiting up to `wait` for it. `interrupted` ends the wait, and is taken
  /// back.
  bool wait_past(std::uint64_t offset, std::chrono::milliseconds wait, std::atomic<bool>& interrupted) {
    if (interrupted.exchange(false)) return false;
    if (end_ > offset) return true;
    std::unique_lock lock(mutex_);
    moved_.wait_for(lock, wait, [&] { return end_ > offset || interrupted; });
    return !interrupted.exchange(false) && end_ > offset;
  }

  void interrupt(std::atomic<bool>& interrupted) {
    {
      const std::lock_guard lock(mutex_);
      interrupted = true;
    }
    moved_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::atomic<std::uint64_t> end_;  // changed by mutex_
  std::condition_variable moved_;
};

}  // namespace daybook::eventstore
