#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "eventstore/embedded/committed_end.h"
#include "eventstore/embedded/database.h"
#include "eventstore/embedded/free_space.h"
#include "eventstore/high_water.h"
#include "eventstore/log.h"

namespace daybook::eventstore {

/// What may wait for the committer; twice that is in memory at most.
struct QueueLimits {
  std::size_t records = 16'384;
  std::size_t bytes = 16 << 20;
};

/// The one thread that writes the embedded log. What queued up during one sync goes into the next batch, so the more
/// callers there are the fewer syncs each costs, without a timer. Per batch: one synced write, the high-water mark, the
/// committed end, the reports in order.
class Committer {
 public:
  Committer(Database& database, HighWaterMark& mark, CommittedEnd& end, FreeSpace& free_space, QueueLimits limits);
  /// Writes what is queued, then ends.
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  /// Thread-safe. Waits while the queue is full.
  void append(Append append, DeliveryReport report);
  void reopen_session();
  /// Why nothing is written any more; nothing while all is well.
  std::optional<std::string> failure() const;

 private:
  struct Item {
    Append append;
    DeliveryReport report;
    std::uint64_t session = 0;
    std::size_t bytes = 0;
  };

  void run();
  std::vector<Item> take();
  void commit(std::span<Item> items);
  bool write(std::span<const Append* const> appends);
  void latch(std::string reason);

  Database& database_;
  HighWaterMark& mark_;
  CommittedEnd& end_;
  FreeSpace& free_space_;
  const QueueLimits limits_;

  mutable std::mutex mutex_;
  std::condition_variable queued_;
  std::condition_variable has_room_;
  std::vector<Item> queue_;  // by mutex_, as all up to failure_
  std::size_t queued_bytes_ = 0;
  std::uint64_t session_ = 1;
  bool stopping_ = false;
  std::optional<std::string> failure_;  // the read-only latch: once set, it stays
  std::uint64_t broken_session_ = 0;    // the committer's own: sessions up to this one get nothing written
  std::jthread thread_;
};

}  // namespace daybook::eventstore
