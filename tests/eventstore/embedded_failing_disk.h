#pragma once

#include <cstddef>
#include <memory>

namespace rocksdb {
class Env;
}

namespace daybook::eventstore::testing {

/// A disk that keeps only what was synced: between the real one and RocksDB, as an Env. Thread-safe.
class FailingDisk {
 public:
  FailingDisk();
  ~FailingDisk();

  rocksdb::Env* env();
  /// The sync of a write-ahead log that comes after `count` good ones fails, once.
  void fail_sync_after(std::size_t count);
  /// The power is cut: nothing is written, synced, renamed or deleted any more.
  void cut_power();
  /// Once the log is closed: takes back what was not synced, but for `kept_percent` of each file's tail.
  void lose_unsynced(std::size_t kept_percent = 0);

  struct State;

 private:
  std::shared_ptr<State> state_;
  std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace daybook::eventstore::testing
