#include <stdexcept>
#include <utility>

#include "domain/fold.h"
#include "eventstore/refusals.h"
#include "eventstore/writer.h"
#include "model/row_key.h"

namespace daybook::eventstore {
namespace {

std::string idempotency_name(model::WorkspaceId workspace, const Idempotency& idempotency) {
  return std::string(workspace.value.view()).append(idempotency.scope.view()).append(idempotency.key_hash);
}

bool has_parts(const BigRun* run) { return run != nullptr && !run->parts.hashes.empty(); }

Commit commit_of(const Submission& submission, Decision decision, const domain::Context& context, const BigRun* run) {
  Commit commit;
  commit.workspace = submission.workspace;
  commit.command = context.command;
  commit.time_us = context.time_us;
  commit.idempotency = submission.idempotency;
  commit.answer = std::move(decision.answer);
  commit.actor = submission.actor;
  commit.origin = submission.origin;
  commit.request_id = submission.request_id;
  commit.traceparent = submission.traceparent;
  commit.events = std::move(decision.events);
  if (!has_parts(run)) return commit;
  commit.part_count = static_cast<std::uint32_t>(run->parts.hashes.size());
  commit.parts_hash = parts_hash(run->parts.hashes);
  commit.part_key = std::string(run->parts.key.view());
  commit.part_event_count = run->parts.event_count;
  return commit;
}

}  // namespace

// Ids of one command: ordered by commit time and a counter that goes on within a millisecond.
class Writer::Ids final : public domain::IdSource {
 public:
  Ids(Writer& writer, std::int64_t time_us) : writer_(writer) {
    const std::int64_t time_ms = time_us / 1000;
    if (time_ms == writer_.id_time_ms_) return;
    writer_.id_time_ms_ = time_ms;
    writer_.id_counter_ = 0;
  }
  model::Uuid next() override {
    return model::Uuid::version7(writer_.id_time_ms_, writer_.id_counter_++, writer_.options_.random());
  }

 private:
  Writer& writer_;
};

// What a command with the same Idempotency-Key was answered, if there was one.
std::optional<Outcome> Writer::first_answer(const Submission& submission) const {
  if (!submission.idempotency) return std::nullopt;
  const Idempotency& wanted = *submission.idempotency;
  if (keys_in_progress_.contains(idempotency_name(submission.workspace, wanted))) {
    return refused(Outcome::Kind::kRejected, "request_in_progress",
                   "A request with this Idempotency-Key is still running; try again.");
  }
  const auto stored = projection_.find_answer(submission.workspace, wanted.scope, wanted.key_hash);
  if (!stored) return std::nullopt;
  if (stored->request_hash != wanted.request_hash) {
    return refused(Outcome::Kind::kRejected, "idempotency_key_reused",
                   "This Idempotency-Key was used for another request; choose a new one.");
  }
  Outcome outcome;
  outcome.kind = Outcome::Kind::kReplayed;
  outcome.answer = stored->answer;
  outcome.position = stored->position;
  return outcome;
}

// Why the command cannot be decided, whatever it is.
std::optional<Outcome> Writer::refusal(const Submission& submission) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = damaged_.find(submission.workspace);
    if (failed_) return log_failed();
    if (stands_by_) return unavailable("Another server has taken this one's place; nothing was done.");
    if (found != damaged_.end()) return unavailable("This workspace is stopped: " + found->second);
  }
  const Health health = log_.health(options_.partition);
  if (health == Health::kUnreachable) return unreachable();
  if (health == Health::kDiskFull && !submission.is_closing) return disk_full();
  return std::nullopt;
}

// The command, unless a large one has its workspace: then it waits or is refused.
std::optional<Submission> Writer::pass_hold(Submission submission) {
  {
    const std::lock_guard lock(mutex_);
    const auto hold = queue_.held(submission.workspace);
    if (!hold) return submission;
    if (hold->brief || submission.is_closing) {
      queue_.stand_aside(std::move(submission));
      return std::nullopt;
    }
  }
  submission.done(unavailable("An import of this workspace is running; what changes it has to wait for its end."));
  return std::nullopt;
}

Writer::Head& Writer::head_of(model::WorkspaceId workspace) {
  auto head = heads_.find(workspace);
  if (head == heads_.end()) head = heads_.emplace(workspace, Head{projection_.head(workspace)}).first;
  return head->second;
}

void Writer::decide(Submission taken) {
  if (taken.big) return queue_big(std::move(taken));
  if (auto why = refusal(taken)) return taken.done(std::move(*why));
  auto passed = pass_hold(std::move(taken));
  if (!passed) return;
  Submission& submission = *passed;
  if (auto answer = first_answer(submission)) return submission.done(std::move(*answer));

  const Head& head = head_of(submission.workspace);
  const auto state = projection_.rows(submission.workspace);
  const PendingRows rows(submission.workspace, *state, overlay_.changes(submission.workspace), cache_);
  const domain::View view(rows, submission.workspace);
  Ids ids(*this, commit_time());
  const domain::Context context{last_time_us_, ids.next(), submission.actor, submission.member, ids};

  auto decision = submission.decide(view, context);
  Outcome outcome;
  outcome.position = last_position(head.chain);
  if (!decision) {
    outcome.kind = Outcome::Kind::kRejected;
    outcome.rejection = std::move(decision.error());
    return answer_after_pending(submission, std::move(outcome));
  }
  domain::LayerRows layer(rows);
  domain::Store store(layer, submission.workspace, {context.time_us, context.actor, context.command});
  for (const domain::Event& event : decision->events) domain::fold().apply(event, store);
  if (!submission.dry_run && (!decision->events.empty() || submission.idempotency)) {
    if (!commit(submission, std::move(*decision), context, layer.changes())) queue_big(std::move(submission));
    return;
  }
  outcome.kind = submission.dry_run ? Outcome::Kind::kDryRun : Outcome::Kind::kUnchanged;
  outcome.answer = std::move(decision->answer);
  outcome.events = std::move(decision->events);
  outcome.changes = std::make_shared<domain::LayerRows::Changes>(layer.changes());
  answer_after_pending(submission, std::move(outcome));
}

// Appends the record, or refuses the command where the log failed while it was decided; false, and nothing has
// happened, where it would be too large.
bool Writer::commit(const Submission& submission, Decision decision, const domain::Context& context,
                    const domain::LayerRows::Changes& changes, const BigRun* run) {
  Head& head = head_of(submission.workspace);
  Pending pending;
  pending.opened.commit = commit_of(submission, std::move(decision), context, run);
  pending.opened.commit.first_position = head.chain.next_position;
  SealedCommit sealed;
  try {
    sealed = codec_.seal(pending.opened.commit, head.chain, next_fence());
  } catch (const std::length_error&) {
    return false;
  }
  pending.fence = next_fence();
  pending.opened.after = sealed.after;
  pending.sequence = ++sequence_;
  pending.appended = std::chrono::steady_clock::now();
  if (run != nullptr) pending.lets_go = submission.workspace;
  pending.has_client = submission.has_client;
  for (const WrappedKey& key : sealed.append.keys) pending.key_names.push_back(key.name);
  Outcome outcome;
  outcome.kind = Outcome::Kind::kCommitted;
  outcome.answer = pending.opened.commit.answer;
  outcome.position = last_position(sealed.after);
  if (const auto record = changes.find(model::entity_key(outcome.answer.kind, outcome.answer.id));
      outcome.answer.kind != 0 && record != changes.end()) {
    outcome.record = record->second;
  }
  pending.answer = [done = submission.done, outcome = std::move(outcome), this](Fate fate) mutable {
    if (failed_ || fate == Fate::kUnknown) return done(unknown());
    done(fate == Fate::kEffective ? std::move(outcome) : undone());
  };

  if (submission.idempotency) {
    keys_in_progress_[idempotency_name(submission.workspace, *submission.idempotency)] = sequence_;
  }
  overlay_.add(submission.workspace, sequence_, changes);
  if (run == nullptr) {
    cache_.forget(submission.workspace, changes);
  } else {
    cache_.forget(submission.workspace);  // what a large command changes is known to the state alone
  }
  head.chain = sealed.after;
  head.sequence = sequence_;
  if (add_pending(std::move(pending))) {
    log_.append(options_.partition, std::move(sealed.append), on_delivery(has_parts(run)));
  } else {
    submission.done(log_failed());
  }
  return true;
}

}  // namespace daybook::eventstore
