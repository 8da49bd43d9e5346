#include "eventstore/writer.h"

#include <limits>
#include <stdexcept>
#include <utility>

#include "domain/fold.h"
#include "eventstore/refusals.h"
#include "model/row_key.h"

namespace daybook::eventstore {
namespace {

constexpr std::size_t kApplyAtOnce = 256;    // commits in one batch of the state
constexpr std::size_t kHeadsKept = 100'000;  // workspaces whose chain heads stay in memory
constexpr std::size_t kCachedRowBytes = 8 << 20;

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

Writer::Writer(Log& log, Keyring& keyring, CommitCodec& codec, Projection& projection, Options options)
    : log_(log),
      keyring_(keyring),
      codec_(codec),
      projection_(projection),
      options_(std::move(options)),
      listening_(std::make_shared<Listening>()),
      cache_(kCachedRowBytes) {
  listening_->writer = this;
}

Writer::~Writer() { stop(); }

void Writer::start() {
  open();
  catch_up();
  claim();
  run_threads();
}

void Writer::follow() {
  open();
  catch_up();
  find_owner();
  stands_by_ = true;
  run_threads();
}

void Writer::open() {
  position_ = projection_.position(options_.partition);
  applied_offset_ = position_.next_offset;
  fence_ = FenceRule(position_.fence);
  reader_ = log_.read(options_.partition, position_.next_offset);
  resume_folds();
}

void Writer::run_threads() {
  if (log_.outlives_unknown()) {
    barrier_ = std::make_unique<ReadBarrier>([this] { return log_.end_now(options_.partition); },
                                             [this](std::uint64_t end) { return own_since(end); });
  }
  decider_ = std::jthread([this](const std::stop_token& stop) { run_decider(stop); });
  applier_ = std::jthread([this](const std::stop_token& stop) { run_applier(stop); });
}

void Writer::catch_up() {
  const auto is_behind = [this] { return position_.next_offset < log_.end(options_.partition); };
  while (fold_slice() || (is_behind() && apply_available(*reader_, std::chrono::milliseconds(0), kApplyAtOnce) > 0)) {
    if (options_.on_catch_up) options_.on_catch_up(position_.next_offset, log_.end(options_.partition));
  }
}

void Writer::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  changed_.notify_all();
  if (decider_.joinable()) decider_.join();
  {
    // A log that is out of reach may come back much later: then nobody waits for it.
    std::unique_lock lock(mutex_);
    const auto is_over = [this] { return pending_.empty() || failed_ || is_in_doubt(); };
    if (log_.outlives_unknown()) {
      changed_.wait_for(lock, options_.answer_within, is_over);
    } else {
      changed_.wait(lock, is_over);
    }
  }
  if (barrier_) barrier_->stop();
  applier_.request_stop();
  if (reader_) reader_->interrupt();
  if (applier_.joinable()) applier_.join();
  for (Pending& pending : take_pending()) answer(pending, Fate::kUnknown);
  answer_resting(std::numeric_limits<std::uint64_t>::max(), Fate::kUnknown);
  const std::lock_guard lock(listening_->mutex);
  listening_->writer = nullptr;
}

void Writer::submit(Submission submission) {
  submission.done = [this, done = std::move(submission.done)](Outcome outcome) {
    outcomes_.at(static_cast<std::size_t>(outcome.kind)).fetch_add(1, std::memory_order_relaxed);
    done(std::move(outcome));
  };
  const bool is_out_of_reach = log_.outlives_unknown() && log_.health() == Health::kUnreachable;
  {
    const std::lock_guard lock(mutex_);
    if (!is_out_of_reach && !stopping_ && !failed_ && queue_.size() < options_.queue_limit) {
      queue_.push(std::move(submission));
      changed_.notify_all();
      return;
    }
  }
  submission.done(is_out_of_reach ? unreachable() : unavailable("The server is busy or stopping; try again."));
}

std::vector<std::string> Writer::damaged() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> texts;
  for (const auto& [workspace, text] : damaged_) texts.push_back(text);
  return texts;
}

WriterFigures Writer::figures() const {
  WriterFigures figures;
  {
    const std::lock_guard lock(mutex_);
    figures.queued = queue_.size();
    figures.pending = pending_.size();
    figures.damaged_workspaces = damaged_.size();
    figures.is_in_doubt = is_in_doubt();
    figures.has_failed = failed_;
    figures.stands_by = stands_by_;
    figures.takes_commands = !failed_ && !stopping_ && !stands_by_ && !is_in_doubt();
  }
  figures.applied_offset = applied_offset_;
  figures.log_end = log_.end(options_.partition);
  figures.health = log_.health();
  for (const auto& count : outcomes_) figures.outcomes.push_back(count.load(std::memory_order_relaxed));
  figures.append_to_apply = append_to_apply_.read();
  figures.applied_batch = applied_batch_.read();
  return figures;
}

std::optional<Submission> Writer::next_submission(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, stop, [this] {
    return failed_ || is_in_doubt() || (stopping_ && queue_.empty()) || big_is_due() ||
           (!queue_.empty() && pending_.size() < options_.pending_limit);
  });
  if (queue_.empty() || is_in_doubt()) return std::nullopt;
  return queue_.pop();
}

void Writer::run_decider(const std::stop_token& stop) {
  for (;;) {
    auto submission = next_submission(stop);
    const bool in_doubt = [&] {
      const std::lock_guard lock(mutex_);
      return !submission && is_in_doubt();
    }();
    if (in_doubt) {
      if (settle_doubt()) continue;
      break;
    }
    forget_applied();
    if (submission) run(std::move(*submission));
    const bool due = [this] {
      const std::lock_guard lock(mutex_);
      return big_is_due();
    }();
    if (due) {
      step_big();
    } else if (!submission) {
      break;
    }
  }
  end_all();
}

void Writer::run(Submission submission) {
  const auto done = submission.done;
  const std::uint64_t sequence_before = sequence_;
  try {
    decide(std::move(submission));
  } catch (const std::exception& error) {
    if (sequence_ != sequence_before) {
      fail(error.what());
    } else {
      options_.on_error(error.what());
      done(failed_decision());
    }
  }
}

void Writer::forget_applied() {
  std::uint64_t applied = 0;
  {
    const std::lock_guard lock(mutex_);
    applied = applied_sequence_;
  }
  overlay_.forget_to(applied);
  std::erase_if(keys_in_progress_, [&](const auto& entry) { return entry.second <= applied; });
  if (heads_.size() > kHeadsKept) {
    std::erase_if(heads_, [&](const auto& entry) { return entry.second.sequence <= applied; });
  }
}

std::int64_t Writer::commit_time() {
  last_time_us_ = std::max(last_time_us_, options_.clock_us());
  return last_time_us_;
}

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
  const Health health = log_.health();
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
