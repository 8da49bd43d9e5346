#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "eventstore/big_fold.h"
#include "eventstore/fence.h"
#include "eventstore/log_moved.h"

namespace daybook::eventstore {

/// Reads one partition from its start as the writer does, but writes nothing: the fence decides which records count,
/// each workspace's chain is checked, and every commit that fits is opened and handed on, one with parts slice by slice
/// so that memory stays bounded. For verify, rebuilds and dumps. One thread uses it.
class LogFold {
 public:
  /// Both are given things in order, and where the reading stands after them; neither may be empty.
  struct Sink {
    std::function<void(const std::vector<OpenedCommit>&, const PartitionPosition& after)> commits;
    std::function<void(const CommitSlice&, const PartitionPosition& after)> slice;
  };
  /// Called after each record or slice with the offset reached.
  using Progress = std::function<void(std::uint64_t offset)>;

  /// A workspace's history does not fit together from here on: left out from this commit, the others go on. Of a commit
  /// with parts, slices may have been handed on.
  struct Finding {
    std::uint64_t offset = 0;
    HistoryDamage damage;
  };

  /// The source's log and codec outlive the fold.
  LogFold(const BigFold::Source& source, Sink sink);

  /// Reads on up to the offset, which is not read. Commands named in `half_folded` with a commit before it are handed
  /// on only as far as that says; the next call hands on the rest. Throws LogDamaged where the log itself cannot be
  /// read, KeyRefused where a key does not open.
  void run_to(std::uint64_t offset, const Progress& progress, const std::vector<BigPosition>& half_folded = {});

  const PartitionPosition& position() const { return position_; }
  /// Where the log was moved to, once that was read: nothing counts after it.
  const std::optional<LogMoved>& moved() const { return moved_; }
  const std::vector<Finding>& findings() const { return findings_; }
  std::uint64_t commits() const { return commits_; }
  std::size_t workspaces() const { return heads_.size(); }

 private:
  struct Folding {
    BigFold fold;
    std::uint64_t offset;  // of its commit
  };

  bool read_record_before(std::uint64_t offset);
  void accept(const LogRecord& record);
  void add(const CommitRecord& record, std::uint64_t offset);
  void stop(model::WorkspaceId workspace, Finding finding);
  bool fold_slice(const std::vector<BigPosition>& half_folded);
  bool is_far_enough(const BigFold& fold, const std::vector<BigPosition>& half_folded) const;
  void hand_on();

  BigFold::Source source_;
  Sink sink_;
  std::unique_ptr<LogReader> reader_;
  FenceRule fence_;
  PartitionPosition position_;
  std::unordered_map<model::WorkspaceId, ChainHead> heads_;  // 48 bytes a workspace
  std::unordered_set<model::WorkspaceId> stopped_;
  std::vector<OpenedCommit> gathered_;
  std::deque<Folding> folds_;
  std::deque<Folding> parked_;  // far enough until the next call
  std::optional<LogMoved> moved_;
  std::vector<Finding> findings_;
  std::uint64_t commits_ = 0;
};

}  // namespace daybook::eventstore
