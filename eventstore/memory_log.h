#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "eventstore/log.h"

namespace daybook::eventstore {

/// What the next append meets.
enum class Fault : std::uint8_t {
  kAckLate,             // written and read at once, but acknowledged only by `release_late`, and so are those behind it
  kErrorThoughWritten,  // reported kUnknown, and there
  kErrorNotWritten,     // reported kUnknown, and not there
  kWrittenTwice,        // acknowledged, and there at two offsets
};

/// The log's twin for tests and simulations: in memory, without threads of its own or clocks, so that equal calls give
/// equal results. Thread-safe. Appends are stable and reported at once; after `hold` they wait, unsynced
/// and unseen by readers, until the test delivers them. Reports come from the thread whose call settles them, in order,
/// with no lock held. Offsets are dense from 0.
class MemoryLog final : public Log {
 public:
  explicit MemoryLog(std::uint32_t partition_count = 1);
  ~MemoryLog() override;

  std::uint32_t partition_count() const override { return static_cast<std::uint32_t>(partitions_.size()); }
  void append(std::uint32_t partition, Append append, DeliveryReport report) override;
  void enter(std::uint32_t partition, std::uint64_t epoch) override;
  bool outlives_unknown() const override;
  /// Appends not yet settled are reported kUnknown, those held back are never written: the purge of a real client.
  void reopen_session(std::uint32_t partition) override;
  std::unique_ptr<LogReader> read(std::uint32_t partition, std::uint64_t from_offset) override;
  std::uint64_t end(std::uint32_t partition) const override;
  std::optional<std::string> find_key(const std::string& name) const override;
  std::vector<WrappedKey> keys(std::uint32_t partition) const override;
  Health health(std::uint32_t partition) const override;

  /// From now on appends to the partition wait for `deliver`.
  void hold(std::uint32_t partition);
  /// Syncs and reports the oldest `count` held appends; the number there were.
  std::size_t deliver(std::uint32_t partition, std::size_t count);
  /// Delivers what is held, and later appends at once again.
  void resume(std::uint32_t partition);
  std::size_t held(std::uint32_t partition) const;

  /// Queues a fault: the next append meets the first one queued, the one after it the second.
  void inject(std::uint32_t partition, Fault fault);
  void release_late(std::uint32_t partition);
  /// A late record of another, older writer (a zombie): stable at once, outside of every session. Its offset.
  std::uint64_t insert(std::uint32_t partition, std::string record);
  void set_health(Health health);
  /// From now on readers find nobody who hands out records that are there, or do again.
  void set_readable(bool is_readable);
  /// The next so many reads of records that were handed out before find nobody who does it again.
  void refuse_to_read_again(std::size_t times);
  /// As a log that goes on after an unknown outcome.
  void set_outlives_unknown();
  /// What writers told of their claims.
  std::vector<std::uint64_t> entered(std::uint32_t partition) const;

  /// The process dies: what was held is lost except for its first `survivors`, which had reached the disk unreported;
  /// reports not yet made are never made. Sessions, faults and holds start afresh; readers read on.
  void crash(std::size_t survivors = 0);

 private:
  class Reader;
  struct Pending {
    Append append;
    DeliveryReport report;
    std::optional<Fault> fault;
  };
  struct Settled {
    DeliveryReport report;
    Delivery delivery;
    bool late;
  };
  struct Partition {
    std::vector<std::string> records;
    std::map<std::string, std::string> keys;
    std::vector<std::uint64_t> entered;
    std::deque<Pending> held;
    std::deque<Settled> settled;  // waiting for their reports, in order
    std::deque<Fault> faults;
    bool holding = false;
    bool broken = false;        // the session got a kUnknown
    bool reporting = false;     // a thread is making reports
    std::uint64_t read_to = 0;  // by any reader
  };

  void settle(Partition& partition, Pending pending);
  void write(Partition& partition, const Append& append);
  void make_reports(Partition& partition, std::unique_lock<std::mutex>& lock);

  mutable std::mutex mutex_;
  std::condition_variable grown_;
  std::vector<Partition> partitions_;  // by mutex_, as all below
  Health health_ = Health::kOk;
  bool outlives_unknown_ = false;
  bool is_readable_ = true;
  std::size_t refused_reads_ = 0;
};

}  // namespace daybook::eventstore
