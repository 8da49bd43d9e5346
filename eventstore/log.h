#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "eventstore/log_damaged.h"

namespace daybook::eventstore {

/// A wrapped key that must be on stable storage before, or together with, the record that needs it.
struct WrappedKey {
  std::string name;   // workspace(16) | subject(16); subject nil: the workspace's own key
  std::string value;  // sealed under the key above it
};

/// What a writer hands to the log at once: one record and the keys it needs.
struct Append {
  std::string record;  // a serialised daybook.log.Record
  std::vector<WrappedKey> keys;
};

/// What became of an append. There is no "failed": a failure report never proves that nothing was written, so
/// everything but an acknowledgement is unknown until a new claim has been read back (architecture: unknown outcomes).
enum class Delivery : std::uint8_t { kAcknowledged, kUnknown };
using DeliveryReport = std::function<void(Delivery)>;

struct LogRecord {
  std::uint64_t offset = 0;  // ascending; gaps are allowed
  std::string bytes;
};

/// Who keeps the log did not answer in time; what was asked for may well be there. Not for ever, so try again.
class LogUnreachable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads one partition in order. Not thread-safe; `interrupt` alone may come from another thread.
class LogReader {
 public:
  virtual ~LogReader() = default;
  /// The next record that is on stable storage, waiting up to `wait` for one; nothing at the end, or when interrupted.
  /// A record before `Log::end` is waited for even longer. Throws LogDamaged where stored bytes are not what was
  /// written, and LogUnreachable where such a record is not handed out.
  virtual std::optional<LogRecord> next(std::chrono::milliseconds wait) = 0;
  /// How long `next` waits for a record before `Log::end` at least; 30 s unless it is told otherwise.
  virtual void set_patience(std::chrono::milliseconds /*patience*/) {}
  /// Whether `next` has a record without waiting for others; not before, it may be slow. Throws as that does.
  virtual bool is_ready() { return true; }
  /// Makes the `next` that waits, or else the one after, return nothing at once; later ones read on.
  virtual void interrupt() = 0;
};

/// Whether a partition takes records. To be asked before a command is decided: a refusal then is certain, not unknown.
enum class Health : std::uint8_t {
  kOk,
  kDiskFull,     // below the free-space floor: nothing more is decided until space is freed (507)
  kReadOnly,     // a write failed: nothing more is written by this process, it should stop (503)
  kUnreachable,  // who keeps the log has not answered for some seconds: nothing more is begun until it does (503)
};

/// A partitioned, append-only record store kept for ever: embedded (RocksDB), Kafka, or in memory for tests.
/// Thread-safe: one appender and any number of readers per partition. Readers are destroyed before their log.
class Log {
 public:
  virtual ~Log() = default;

  virtual std::uint32_t partition_count() const = 0;

  /// Appends asynchronously. Records of one partition become durable in the order of the calls; `report` is called
  /// once, from a thread of the log, when the fate is known. After the first kUnknown of a session every later append
  /// of that session reports kUnknown as well, until `reopen_session`. Waits while too much is in flight, so a report
  /// never appends.
  virtual void append(std::uint32_t partition, Append append, DeliveryReport report) = 0;

  /// Starts a new appending session after an unknown outcome; the caller then appends a claim and reads it back.
  virtual void reopen_session(std::uint32_t partition) = 0;

  /// Tells that the caller's claim, at the offset `epoch`, was read back as effective. To be called before anything of
  /// that epoch is sealed: from then on no key counts that an older writer still sends, and all that count are found.
  /// Throws LogDamaged where keys cannot be read.
  virtual void enter(std::uint32_t /*partition*/, std::uint64_t /*epoch*/) {}

  /// Whether appends can succeed again after an unknown outcome, in a new session of the same process.
  virtual bool outlives_unknown() const { return false; }

  /// Reads from the first record at or after `from_offset`.
  virtual std::unique_ptr<LogReader> read(std::uint32_t partition, std::uint64_t from_offset) = 0;

  /// The offset after the last record on stable storage.
  virtual std::uint64_t end(std::uint32_t partition) const = 0;

  /// The same, asked of who keeps the log: whatever any process was told is stable before this call stands before it.
  /// May wait for some seconds. Throws LogUnreachable.
  virtual std::uint64_t end_now(std::uint32_t partition) { return end(partition); }

  /// The wrapped key stored last under `name`. Throws LogDamaged where stored bytes are not what was written.
  virtual std::optional<std::string> find_key(const std::string& name) const = 0;

  /// All wrapped keys that records of the partition may need, each as it was stored last; some 250 bytes a key. Throws
  /// as find_key.
  virtual std::vector<WrappedKey> keys(std::uint32_t partition) const = 0;

  virtual Health health(std::uint32_t /*partition*/) const { return Health::kOk; }

  /// Why `health` is kReadOnly; nothing while it is not.
  virtual std::optional<std::string> failure() const { return std::nullopt; }
};

}  // namespace daybook::eventstore
