#include "projections/projector.h"

#include <algorithm>

#include "daybook/state/rows.pb.h"
#include "model/row_key.h"
#include "projections/commit_fold.h"

namespace daybook::projections {
namespace {

// A workspace's rows while a batch of commits is folded.
struct Fold {
  explicit Fold(std::unique_ptr<domain::RowReader> below) : state(std::move(below)), layer(*state) {}
  std::unique_ptr<domain::RowReader> state;
  domain::LayerRows layer;
  std::uint64_t first = 0;  // positions of its new events
  std::uint64_t last = 0;
};

}  // namespace

WorkspaceHead read_head(const domain::RowReader& rows) {
  WorkspaceHead head;
  const auto stored = rows.get(model::head_key());
  if (!stored) return head;
  const auto row = domain::parse<state::Head>(*stored);
  head.chain.next_position = row.next_position();
  std::copy_n(row.hash().begin(), std::min(row.hash().size(), head.chain.hash.size()), head.chain.hash.begin());
  head.time_us = row.time_us();
  return head;
}

eventstore::ChainHead Projector::head(model::WorkspaceId workspace) const {
  return read_head(*store_.rows(workspace)).chain;
}

std::optional<eventstore::StoredAnswer> Projector::find_answer(model::WorkspaceId workspace, const model::Uuid& scope,
                                                               const std::string& key_hash) const {
  const auto stored = store_.rows(workspace)->get(model::idempotency_key(scope, key_hash));
  if (!stored) return std::nullopt;
  const auto row = domain::parse<state::StoredAnswer>(*stored);
  eventstore::StoredAnswer answer;
  answer.request_hash = row.request_hash();
  answer.answer = {row.status(), row.kind(), model::Uuid::from_bytes(row.id()).value_or(model::Uuid{}), row.extra()};
  answer.position = row.position();
  return answer;
}

void Projector::apply(std::uint32_t partition, const std::vector<eventstore::OpenedCommit>& commits,
                      const eventstore::PartitionPosition& after) {
  std::map<model::WorkspaceId, std::unique_ptr<Fold>> folds;
  for (const eventstore::OpenedCommit& commit : commits) {
    auto& fold = folds[commit.commit.workspace];
    if (!fold) {
      fold = std::make_unique<Fold>(store_.newest_rows(commit.commit.workspace));
      fold->first = commit.commit.first_position;
    }
    fold_commit(commit, fold->layer);
    fold->last = commit.after.next_position - 1;
  }
  StateStore::Batch batch;
  for (auto& [workspace, fold] : folds) batch.emplace(workspace, fold->layer.take());
  store_.write(batch, partition, after);
  if (!listener_) return;
  Applied applied{{}, partition, applied_before(after)};
  for (const auto& [workspace, fold] : folds) applied.workspaces.push_back({workspace, fold->first, fold->last});
  listener_(applied);
}

void Projector::apply_slice(std::uint32_t partition, const eventstore::CommitSlice& slice,
                            const eventstore::PartitionPosition& after) {
  const model::WorkspaceId workspace = slice.commit.commit.workspace;
  store_.pin(workspace);
  Fold fold(store_.newest_rows(workspace));
  fold_slice(slice, fold.layer);
  StateStore::Batch batch;
  batch.emplace(workspace, fold.layer.take());
  store_.write(batch, partition, after);
  if (!slice.is_last) return;
  store_.unpin(workspace);
  if (!listener_) return;
  listener_({{{workspace, slice.commit.commit.first_position, slice.commit.after.next_position - 1}},
             partition,
             applied_before(after)});
}

std::uint64_t applied_before(const eventstore::PartitionPosition& position) {
  std::uint64_t offset = position.next_offset;
  for (const eventstore::BigPosition& big : position.big) {
    if (big.commit_offset) offset = std::min(offset, *big.commit_offset);
  }
  return offset;
}

}  // namespace daybook::projections
