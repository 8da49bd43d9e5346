#include <stdexcept>
#include <utility>

#include "domain/fold.h"
#include "eventstore/refusals.h"
#include "eventstore/writer.h"

namespace daybook::eventstore {

struct Writer::BigRun {
  explicit BigRun(Submission what) : submission(std::move(what)), done(submission.done) {}

  Submission submission;
  std::function<void(Outcome)> done;
  bool begun = false;
  std::int64_t time_us = 0;
  model::Uuid command;
  std::uint32_t ids_given = 0;
  std::unique_ptr<domain::RowReader> state;
  std::unique_ptr<domain::LayerRows> layer;  // what the steps so far changed
  PartBuffer buffer;
  WrittenParts parts;
};

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

void Writer::queue_big(Submission submission) { big_runs_.push_back(std::make_shared<BigRun>(std::move(submission))); }

// The first big command can take a step: it runs already, or its workspace has nothing pending.
bool Writer::big_is_due() const {
  if (big_runs_.empty() || failed_ || stopping_ || pending_.size() >= options_.pending_limit) return false;
  const BigRun& run = *big_runs_.front();
  if (run.begun) return true;
  const auto head = heads_.find(run.submission.workspace);
  return (head == heads_.end() || head->second.sequence <= applied_sequence_) &&
         !busy_.contains(run.submission.workspace);
}

void Writer::step_big() {
  const std::shared_ptr<BigRun> run = big_runs_.front();
  if (!run->begun) {
    if (auto why = refusal(run->submission.workspace)) return end_big(std::move(*why));
    begin(*run);
  }
  try {
    if (advance(*run)) big_runs_.pop_front();
  } catch (const std::exception& error) {
    // Parts without their commit mean nothing, so the command simply has not happened.
    options_.on_error(error.what());
    end_big(failed_decision());
  }
}

void Writer::begin(BigRun& run) {
  const model::WorkspaceId workspace = run.submission.workspace;
  run.begun = true;
  run.time_us = commit_time();
  run.command = BigIds(*this, run).next();
  head_of(workspace);
  run.state = projection_.rows(workspace);
  run.layer = std::make_unique<domain::LayerRows>(*run.state);
  const std::lock_guard lock(mutex_);
  busy_.insert(workspace);
}

// One step; true when the command's commit is on its way.
bool Writer::advance(BigRun& run) {
  const Submission& submission = run.submission;
  BigIds ids(*this, run);
  const domain::Context context{run.time_us, run.command, submission.actor, submission.member, ids};
  const domain::View view(*run.layer, submission.workspace);
  auto step = submission.big->step(view, context);
  if (!step) {
    Outcome outcome = refused(Outcome::Kind::kRejected, {}, {});
    outcome.rejection = std::move(step.error());
    outcome.position = last_position(head_of(submission.workspace).chain);
    end_big(std::move(outcome));
    return false;
  }
  domain::Store store(*run.layer, submission.workspace, {run.time_us, submission.actor, run.command});
  for (domain::Event& event : step->events) {
    domain::fold().apply(event, store);
    append_part(run, run.buffer.add(std::move(event)));
  }
  if (!step->ended) return false;
  close(run, std::move(step->answer));
  return true;
}

void Writer::append_part(BigRun& run, const domain::Events& events) {
  if (events.empty()) return;
  const auto index = static_cast<std::uint32_t>(run.parts.hashes.size());
  SealedPart sealed =
      codec_.seal_part(run.submission.workspace, run.command, index, events, run.parts.key, {epoch_, sequence_ + 1});
  run.parts.hashes.push_back(sealed.hash);
  run.parts.event_count += events.size();
  std::vector<std::string> names;
  for (const WrappedKey& key : sealed.append.keys) names.push_back(key.name);
  ++sequence_;
  {
    const std::lock_guard lock(mutex_);
    part_keys_.emplace_back(sequence_, std::move(names));
  }
  try {
    log_.append(options_.partition, std::move(sealed.append), [this](Delivery delivery) {
      if (delivery != Delivery::kAcknowledged) fail("the log did not confirm a record");
    });
  } catch (const std::exception& error) {
    fail(error.what());
    throw;
  }
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
  BigIds ids(*this, run);
  const domain::Context context{commit_time(), run.command, run.submission.actor, run.submission.member, ids};
  const WrittenParts* parts = run.parts.hashes.empty() ? nullptr : &run.parts;
  const std::uint64_t sequence_before = sequence_;
  try {
    commit(run.submission, {std::move(last), std::move(answer)}, context, {}, parts);
    if (sequence_ != sequence_before) return;
    const std::lock_guard lock(mutex_);  // refused and answered: nothing was written
    busy_.erase(run.submission.workspace);
  } catch (const std::exception& error) {
    if (sequence_ != sequence_before) fail(error.what());
    throw;
  }
}

// Ends the running big command without effect.
void Writer::end_big(Outcome outcome) {
  const std::shared_ptr<BigRun> run = big_runs_.front();
  big_runs_.pop_front();
  if (run->begun) {
    const std::lock_guard lock(mutex_);
    busy_.erase(run->submission.workspace);
  }
  run->done(std::move(outcome));
}

}  // namespace daybook::eventstore
