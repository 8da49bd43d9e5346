#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "eventstore/embedded/embedded_log.h"
#include "eventstore/keyring.h"
#include "eventstore/log_fold.h"

namespace daybook::cli {

/// A data directory whose server is stopped: what verify, log dump and projections work on.
struct OfflineOptions {
  std::filesystem::path data;
  std::filesystem::path high_water;  // empty: beside the log
};

/// How far a long command is: a line on stderr every second, none where it is done before.
class Progress {
 public:
  explicit Progress(std::string doing) : doing_(std::move(doing)) {}
  /// `all`: nothing where it is not known.
  void at(std::uint64_t done, std::optional<std::uint64_t> all);

 private:
  std::string doing_;
  std::chrono::steady_clock::time_point next_ = std::chrono::steady_clock::now() + std::chrono::seconds(1);
};

/// The same as what a LogFold calls.
eventstore::LogFold::Progress progress_of(std::string doing, std::uint64_t all);

/// A fold into read models, which outlive it.
eventstore::LogFold::Sink into(eventstore::Projection& projection);

/// The log of a stopped server with the keys that open it; no server can start meanwhile.
class OfflineLog {
 public:
  /// Throws LogDamaged, and std::runtime_error with the remedy where there is no log, a server has it open, or the
  /// master key is missing.
  explicit OfflineLog(const OfflineOptions& options);

  eventstore::EmbeddedLog& log() { return log_; }
  /// For a LogFold.
  eventstore::BigFold::Source source() { return {log_, codec_, 0}; }
  std::uint64_t end() const { return log_.end(0); }

 private:
  eventstore::EmbeddedLog log_;
  eventstore::Keyring keyring_;
  eventstore::CommitCodec codec_;
};

}  // namespace daybook::cli
