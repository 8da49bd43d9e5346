#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "cli/open_log.h"
#include "cli/progress.h"
#include "eventstore/codec.h"
#include "eventstore/keyring.h"
#include "eventstore/log_fold.h"

namespace CLI {
class App;
}

namespace daybook::cli {

/// A data directory whose server is stopped: what verify, log dump and projections work on.
struct OfflineOptions {
  std::filesystem::path data;
  std::filesystem::path high_water;  // empty: beside the log
  bool is_quiet = false;             // no progress on stderr
};

/// Options that every command over a stopped server's data takes.
void add_offline_options(CLI::App& command, OfflineOptions& options);

/// Where the directory's log is, as its last start had it. Throws std::runtime_error where it holds none, and where it
/// is a copy that has not ended.
LogChoice recorded_choice(const OfflineOptions& options);

/// What `run` returns, or 20, with the finding on stdout, where the log turns out to be damaged.
int with_damage_as_exit_code(const std::function<int()>& run);

/// The same as what a LogFold calls.
eventstore::LogFold::Progress progress_of(std::string doing, std::uint64_t all, bool is_quiet);

/// A fold of a partition into read models, which outlive it.
eventstore::LogFold::Sink into(eventstore::Projection& projection, std::uint32_t partition);

/// The log of a stopped server, embedded or on Kafka as its last start had it, with the keys that open it; no server
/// can start on the directory meanwhile.
class OfflineLog {
 public:
  /// Throws LogDamaged, and std::runtime_error with the remedy where there is no log, a server has it open, or the
  /// master key is missing.
  explicit OfflineLog(const OfflineOptions& options);

  eventstore::Log& log() { return log_.log(); }
  /// None where the log is on Kafka.
  eventstore::EmbeddedLog* embedded() { return log_.embedded(); }
  std::uint32_t partitions() { return log().partition_count(); }
  /// For a LogFold.
  eventstore::BigFold::Source source(std::uint32_t partition) { return {log(), codec_, partition}; }
  std::uint64_t end(std::uint32_t partition) { return log().end(partition); }

 private:
  OpenLog log_;
  eventstore::Keyring keyring_;
  eventstore::CommitCodec codec_;
};

}  // namespace daybook::cli
