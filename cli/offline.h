#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "eventstore/codec.h"
#include "eventstore/embedded/embedded_log.h"
#include "eventstore/projection.h"

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

/// The log of a stopped server with the keys that open it; no server can start meanwhile.
class OfflineLog {
 public:
  /// Throws LogDamaged, and std::runtime_error with the remedy where there is no log, a server has it open, or the
  /// master key is missing.
  explicit OfflineLog(const OfflineOptions& options);

  eventstore::EmbeddedLog& log() { return log_; }
  eventstore::CommitCodec& codec() { return codec_; }
  std::uint64_t end() const { return log_.end(0); }

 private:
  eventstore::EmbeddedLog log_;
  eventstore::Keyring keyring_;
  eventstore::CommitCodec codec_;
};

/// Reads the log from its start as the writer does, but writes nothing: the fence decides which records count, each
/// workspace's chain is checked, and every commit that fits is opened and handed on.
class OfflineFold {
 public:
  /// Called with the commits of a stretch of the log, in order, and where the reading stands after them.
  using Sink =
      std::function<void(const std::vector<eventstore::OpenedCommit>&, const eventstore::PartitionPosition& after)>;

  /// A workspace's history does not fit together from here on: left out from this commit, the others go on.
  struct Finding {
    std::uint64_t offset = 0;
    eventstore::HistoryDamage damage;
  };

  /// `log` outlives the fold.
  OfflineFold(OfflineLog& log, Sink sink);

  /// Reads on up to the offset, which is not read. Throws LogDamaged where the log itself cannot be read, KeyRefused
  /// where a key does not open.
  void run_to(std::uint64_t offset, Progress& progress);

  const eventstore::PartitionPosition& position() const { return position_; }
  const std::vector<Finding>& findings() const { return findings_; }
  std::uint64_t commits() const { return commits_; }
  std::size_t workspaces() const { return heads_.size(); }
  /// Commands in parts: their parts are not opened here, so their rows cannot be compared.
  std::uint64_t commits_in_parts() const { return commits_in_parts_; }

 private:
  void accept(const eventstore::LogRecord& record);
  void add(const eventstore::CommitRecord& record, std::uint64_t offset);
  void hand_on();

  OfflineLog& log_;
  Sink sink_;
  std::unique_ptr<eventstore::LogReader> reader_;
  eventstore::FenceRule fence_;
  eventstore::PartitionPosition position_;
  std::unordered_map<model::WorkspaceId, eventstore::ChainHead> heads_;  // 48 bytes a workspace
  std::unordered_map<model::WorkspaceId, bool> stopped_;
  std::vector<eventstore::OpenedCommit> gathered_;
  std::vector<Finding> findings_;
  std::uint64_t commits_ = 0;
  std::uint64_t commits_in_parts_ = 0;
};

}  // namespace daybook::cli
