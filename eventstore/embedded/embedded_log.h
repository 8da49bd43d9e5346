#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "eventstore/embedded/committed_end.h"
#include "eventstore/embedded/committer.h"
#include "eventstore/embedded/database.h"
#include "eventstore/embedded/directory_lock.h"
#include "eventstore/embedded/free_space.h"
#include "eventstore/embedded/scrub.h"
#include "eventstore/high_water.h"
#include "eventstore/log.h"

namespace daybook::eventstore {

/// What a volume must have free for commands to be decided.
constexpr std::uint64_t kFreeSpaceFloorBytes = 512 << 20;

struct EmbeddedOptions {
  std::filesystem::path directory;        // of the log alone; made when missing
  std::filesystem::path high_water_file;  // best on another volume, so that it is not rolled back with the log
  std::uint64_t free_space_floor_bytes = kFreeSpaceFloorBytes;
  QueueLimits queue;

  // Of tests:
  std::function<std::uint64_t()> free_space;  // bytes; empty: the volume of `directory`
  rocksdb::Env* env = nullptr;                // a disk that breaks; null: the real one
  bool sync_writes = true;                    // false loses acknowledged records in a power cut
};

/// The log on one machine: one partition, in a RocksDB of its own whose WAL one committer thread syncs. Offsets are
/// dense from 0. `append` is thread-safe for any number of callers; its reports come from the committer, in order.
///
/// A failed write or sync leaves it unknown what is stored, so it latches: this and every later append is reported
/// kUnknown, `health` says kReadOnly, and only a new process finds out. Below the free-space floor `health` says
/// kDiskFull, so that nothing more is decided; what is on its way then still has room. When that is used up but for an
/// eighth nothing is written: the session ends with kUnknown, and after `reopen_session` appends pass again once there
/// is space.
class EmbeddedLog final : public Log {
 public:
  /// Throws LogDamaged when what was acknowledged is not all there, and std::runtime_error when another process has the
  /// directory open or the disk cannot be used.
  explicit EmbeddedLog(EmbeddedOptions options);
  /// Writes what is queued, syncs the mark and closes. Readers are gone by then.
  ~EmbeddedLog() override;

  std::uint32_t partition_count() const override { return 1; }
  void append(std::uint32_t partition, Append append, DeliveryReport report) override;
  void reopen_session(std::uint32_t partition) override;
  std::unique_ptr<LogReader> read(std::uint32_t partition, std::uint64_t from_offset) override;
  std::uint64_t end(std::uint32_t partition) const override;
  std::optional<std::string> find_key(const std::string& name) const override;
  std::vector<WrappedKey> keys(std::uint32_t partition) const override;
  Health health(std::uint32_t partition) const override;
  std::optional<std::string> failure() const override { return committer_.failure(); }

  /// What the start cut off, in a sentence for the operator: a torn tail, never acknowledged.
  const std::optional<std::string>& cut() const { return database_.cut(); }
  /// Reads everything back, beside normal work; see scrub.h.
  ScrubReport scrub(const Pace& pace = {}) const;

 private:
  DirectoryLock lock_;
  Database database_;
  HighWaterMark mark_;
  mutable CommittedEnd end_;
  mutable FreeSpace free_space_;
  Committer committer_;
};

/// What an opening would find.
struct EmbeddedLook {
  std::uint64_t end = 0;             // the offset after the last record
  std::optional<std::string> cut;    // what it would cut off: a torn tail, never acknowledged
  std::optional<std::string> moved;  // it ended, and its history goes on elsewhere (log_moved.h)
  std::optional<WrappedKey> key;     // of the first workspace
};

/// Opens a log that no process has open as a start does, and changes nothing on the disk. Throws LogDamaged and
/// std::runtime_error as a start does. A log that was never begun ends at 0.
EmbeddedLook look_at_embedded_log(const std::filesystem::path& directory, const std::filesystem::path& high_water_file);

}  // namespace daybook::eventstore
