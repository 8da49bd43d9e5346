#include <algorithm>
#include <stdexcept>
#include <utility>

#include "eventstore/crash_point.h"
#include "eventstore/refusals.h"
#include "eventstore/writer.h"

namespace daybook::eventstore {
namespace {

Outcome too_large() {
  return refused(Outcome::Kind::kRejected, "too_large",
                 "One of the things that this command changes does not fit into a record of the log; change less.");
}

}  // namespace

// Ids of a big command: all of the millisecond in which it began, in order by their counter.
class Writer::BigIds final : public domain::IdSource {
 public:
  BigIds(const Writer& writer, BigRun& run) : writer_(writer), run_(run) {}
  model::Uuid next() override {
    return model::Uuid::version7(run_.time_us / 1000, run_.ids_given++, writer_.options_.random());
  }

 private:
  const Writer& writer_;
  BigRun& run_;
};

void Writer::queue_big(Submission submission) {
  auto run = std::make_unique<BigRun>(std::move(submission), ++runs_);
  auto place = big_runs_.end();
  if (run->is_brief()) place = std::ranges::find_if(big_runs_, [](const auto& other) { return !other->is_brief(); });
  big_runs_.insert(place, std::move(run));
}

// The first big command can take a step: it runs already, or its workspace, which it has from now on, has nothing
// pending.
bool Writer::big_is_due() {
  if (big_runs_.empty() || failed_ || stopping_ || pending_.size() >= options_.pending_limit) return false;
  const BigRun& run = *big_runs_.front();
  if (!queue_.hold(run.submission.workspace, {run.number, run.is_brief()})) return false;
  const auto head = heads_.find(run.submission.workspace);
  return run.has_begun() || head == heads_.end() || head->second.sequence <= applied_sequence_;
}

void Writer::step_big() {
  BigRun& run = *big_runs_.front();
  try {
    if (run.has_begun() || begin(run)) advance(run);
  } catch (const std::length_error&) {
    end_big(too_large());
  } catch (const std::exception& error) {
    // Parts without their commit mean nothing, so the command simply has not happened.
    options_.on_error(error.what());
    end_big(failed_decision());
  }
}

// False, and it is over, where it is not to be decided.
bool Writer::begin(BigRun& run) {
  if (auto why = refusal(run.submission)) {
    end_big(std::move(*why));
    return false;
  }
  if (auto answer = first_answer(run.submission)) {
    end_big(std::move(*answer));
    return false;
  }
  run.time_us = commit_time();
  run.command = BigIds(*this, run).next();
  head_of(run.submission.workspace);
  run.begin(projection_);
  return true;
}

void Writer::advance(BigRun& run) {
  if (log_.health(options_.partition) == Health::kDiskFull) return end_big(disk_full());
  BigIds ids(*this, run);
  auto step = run.step(ids);
  if (!step) {
    Outcome outcome = refused(Outcome::Kind::kRejected, {}, {});
    outcome.rejection = std::move(step.error());
    outcome.position = last_position(head_of(run.submission.workspace).chain);
    return end_big(std::move(outcome));
  }
  for (domain::Event& event : step->events) append_part(run, run.buffer.add(std::move(event)));
  if (step->ended) close(run, std::move(step->answer));
}

void Writer::append_part(BigRun& run, const domain::Events& events) {
  if (events.empty()) return;
  const auto index = static_cast<std::uint32_t>(run.parts.hashes.size());
  SealedPart sealed =
      codec_.seal_part(run.submission.workspace, run.command, index, events, run.parts.key, next_fence());
  run.parts.hashes.push_back(sealed.hash);
  run.parts.event_count += events.size();
  std::vector<std::string> names;
  for (const WrappedKey& key : sealed.append.keys) names.push_back(key.name);
  {
    const std::lock_guard lock(mutex_);
    part_keys_.push_back({next_fence(), std::move(names)});
  }
  ++sequence_;
  try {
    log_.append(options_.partition, std::move(sealed.append), on_delivery());
  } catch (const std::exception& error) {
    fail(error.what());
    throw;
  }
  pass(CrashPoint::kPart);
}

// The closing commit holds the last event; without parts, all of them.
void Writer::close(BigRun& run, Answer answer) {
  domain::Events last = run.buffer.take();
  if (!run.parts.hashes.empty() && last.size() > 1) {
    domain::Event final_event = std::move(last.back());
    last.pop_back();
    append_part(run, last);
    last.clear();
    last.push_back(std::move(final_event));
  }
  if (last.empty() && run.parts.hashes.empty() && !run.submission.idempotency) {
    Outcome outcome = refused(Outcome::Kind::kUnchanged, {}, {});
    outcome.answer = std::move(answer);
    outcome.position = last_position(head_of(run.submission.workspace).chain);
    return end_big(std::move(outcome));
  }
  BigIds ids(*this, run);
  const domain::Context context{commit_time(), run.command, run.submission.actor, run.submission.member, ids};
  const std::uint64_t sequence_before = sequence_;
  try {
    if (!commit(run.submission, {std::move(last), std::move(answer)}, context, {}, &run)) return end_big(too_large());
  } catch (const std::exception& error) {
    if (sequence_ == sequence_before) throw;
    fail(error.what());
  }
  big_runs_.pop_front();  // its workspace is let go when it is folded
}

// Ends the running big command without effect.
void Writer::end_big(Outcome outcome) {
  const std::unique_ptr<BigRun> run = std::move(big_runs_.front());
  big_runs_.pop_front();
  {
    const std::lock_guard lock(mutex_);
    const auto hold = queue_.held(run->submission.workspace);
    if (hold && hold->run == run->number) queue_.let_go(run->submission.workspace);
  }
  const bool is_decided = outcome.kind == Outcome::Kind::kRejected || outcome.kind == Outcome::Kind::kUnchanged;
  if (is_decided) return answer_if_owner(epoch_, run->done, std::move(outcome));
  run->done(std::move(outcome));
}

// The decider's end: nothing that is left will be decided.
void Writer::end_all() {
  while (!big_runs_.empty()) end_big(unavailable("The server is stopping; nothing was done."));
  std::vector<Submission> left;
  {
    const std::lock_guard lock(mutex_);
    left = queue_.take_all();
  }
  for (Submission& submission : left) submission.done(unavailable("The server is stopping; nothing was done."));
}

}  // namespace daybook::eventstore
