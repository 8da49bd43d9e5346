#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/rows.h"
#include "eventstore/commit.h"
#include "eventstore/fence.h"
#include "model/uuid.h"

namespace daybook::eventstore {

/// A command with parts that a partition's reader has met and not folded to its end.
struct BigPosition {
  model::WorkspaceId workspace;
  model::Uuid command;
  std::uint64_t first_offset = 0;              // of its first part, from where the parts are read again
  std::optional<std::uint64_t> commit_offset;  // none: it is not closed, so its parts mean nothing yet
  std::uint32_t parts_folded = 0;
  std::uint64_t events_folded = 0;
};

/// How far a partition has been folded, stored in one batch with what was folded.
struct PartitionPosition {
  std::uint64_t next_offset = 0;
  FencePosition fence;
  std::int64_t time_us = 0;      // of the last effective commit
  std::vector<BigPosition> big;  // one a workspace at most
};

/// An effective commit, opened and checked against its workspace's chain.
struct OpenedCommit {
  Commit commit;
  ChainHead after;
};

/// A piece of a big commit: the events of one part, or at the end the commit's own.
struct CommitSlice {
  const OpenedCommit& commit;  // its events are those of the last slice
  const std::vector<domain::Event>& events;
  std::uint64_t first_position = 0;  // of the first of the events
  bool is_last = false;
};

/// What an Idempotency-Key was answered with.
struct StoredAnswer {
  std::string request_hash;
  Answer answer;
  std::uint64_t position = 0;  // of the last event it reflects
};

/// The state as the writer sees it: what decisions read, and where effective commits go. Implemented by projections/.
/// `apply` is called by one thread a partition; everything else from any.
class Projection {
 public:
  virtual ~Projection() = default;

  virtual PartitionPosition position(std::uint32_t partition) const = 0;
  virtual ChainHead head(model::WorkspaceId workspace) const = 0;
  /// The newest applied rows of a workspace; they may move on between two calls.
  virtual std::unique_ptr<domain::RowReader> rows(model::WorkspaceId workspace) const = 0;
  /// Changes kept on disk above `below`, which outlives them, for a command whose changes need not fit into memory.
  virtual std::unique_ptr<domain::Rows> stage(const domain::RowReader& below) const = 0;
  virtual std::optional<StoredAnswer> find_answer(model::WorkspaceId workspace, const model::Uuid& scope,
                                                  const std::string& key_hash) const = 0;
  /// Folds the commits, in order, and stores everything with the position in one batch: all or nothing.
  virtual void apply(std::uint32_t partition, const std::vector<OpenedCommit>& commits,
                     const PartitionPosition& after) = 0;
  /// Folds a piece of a big commit. Until the last one is in, everybody else sees the workspace as it was before the
  /// first: all or nothing for every reader.
  virtual void apply_slice(std::uint32_t partition, const CommitSlice& slice, const PartitionPosition& after) = 0;
};

}  // namespace daybook::eventstore
