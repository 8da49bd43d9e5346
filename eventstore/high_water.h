#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

namespace daybook::eventstore {

/// How far the log was acknowledged: the offset after the last record, and which record that was. The latter tells a
/// history that was rolled back and then went on differently.
struct Mark {
  std::uint64_t end = 0;
  std::uint64_t fingerprint = 0;  // of the record before `end`; 0 at the start
  bool operator==(const Mark&) const = default;
};

/// A file of 64 bytes, best on another volume than the log, that detects a log that was cut or rolled back.
///
/// Two slots of 32 bytes are written in turn, so that a torn write leaves the mark before: end (8), fingerprint (8),
/// "DBMARK01", zero (4), CRC-32C over the rest (4); big-endian. `advance` writes through to the file, which a dead
/// process cannot undo; a thread syncs it at most `sync_interval` later, which bounds what a power cut takes back.
class HighWaterMark {
 public:
  static constexpr std::chrono::milliseconds kSyncInterval{100};

  /// What the file says; nothing when there is none. Throws LogDamaged when neither slot is whole.
  static std::optional<Mark> read(const std::filesystem::path& path);
  /// Replaces the file by one that says `mark`, synced: for a new log and after a restore. Throws std::system_error.
  static void reset(const std::filesystem::path& path, const Mark& mark);

  /// Opens an existing file. Throws std::system_error when it cannot be opened, LogDamaged as `read` does.
  explicit HighWaterMark(std::filesystem::path path, std::chrono::milliseconds sync_interval = kSyncInterval);
  /// Syncs what was written last.
  ~HighWaterMark();
  HighWaterMark(const HighWaterMark&) = delete;
  HighWaterMark& operator=(const HighWaterMark&) = delete;

  /// Returns when the mark is in the file. Throws std::system_error when it cannot be written, or could not be synced
  /// earlier: the log must not acknowledge anything any more. One caller at a time.
  void advance(const Mark& mark);
  /// Syncs now. Throws std::system_error.
  void sync();

 private:
  void sync_when_due(const std::stop_token& stop);

  const std::filesystem::path path_;
  const std::chrono::milliseconds sync_interval_;
  int file_ = -1;
  std::size_t next_slot_ = 0;
  std::atomic<int> sync_error_ = 0;  // errno of the first sync that failed
  std::mutex mutex_;
  bool dirty_ = false;  // by mutex_
  std::condition_variable_any became_dirty_;
  std::jthread syncer_;
};

}  // namespace daybook::eventstore
