#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "domain/store.h"
#include "eventstore/projection.h"
#include "projections/state_store.h"

namespace daybook::projections {

/// Folds effective commits into the state: records, the rows that queries read, history and audit log. Every row of a
/// batch of commits and its position go into one write, so a reader sees a commit whole or not at all.
/// `apply` is called by the partition's one applier; the rest is thread-safe.
class Projector final : public eventstore::Projection {
 public:
  /// What a batch of commits brought.
  struct Applied {
    struct Workspace {
      model::WorkspaceId id;
      std::uint64_t first = 0;  // positions of its new events
      std::uint64_t last = 0;
    };
    std::vector<Workspace> workspaces;
    std::uint32_t partition = 0;
    std::uint64_t offset = 0;  // of the partition, before which every commit is applied and was told of
  };
  /// Called after each batch; must not wait.
  using Listener = std::function<void(const Applied&)>;

  /// `store` outlives the projector.
  Projector(StateStore& store, Listener listener) : store_(store), listener_(std::move(listener)) {}

  eventstore::PartitionPosition position(std::uint32_t partition) const override { return store_.position(partition); }
  eventstore::ChainHead head(model::WorkspaceId workspace) const override;
  std::unique_ptr<domain::RowReader> rows(model::WorkspaceId workspace) const override {
    return store_.rows(workspace);
  }
  std::unique_ptr<domain::Rows> stage(const domain::RowReader& below) const override { return store_.stage(below); }
  std::optional<eventstore::StoredAnswer> find_answer(model::WorkspaceId workspace, const model::Uuid& scope,
                                                      const std::string& key_hash) const override;
  void apply(std::uint32_t partition, const std::vector<eventstore::OpenedCommit>& commits,
             const eventstore::PartitionPosition& after) override;
  void apply_slice(std::uint32_t partition, const eventstore::CommitSlice& slice,
                   const eventstore::PartitionPosition& after) override;

 private:
  StateStore& store_;
  Listener listener_;
};

/// The offset of the log before which every commit is applied to its end.
std::uint64_t applied_before(const eventstore::PartitionPosition& position);

/// Where a workspace stands, from its head row.
struct WorkspaceHead {
  eventstore::ChainHead chain;
  std::int64_t time_us = 0;
  std::uint64_t last_position() const { return chain.next_position - 1; }
};
WorkspaceHead read_head(const domain::RowReader& rows);

}  // namespace daybook::projections
