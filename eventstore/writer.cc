#include "eventstore/writer.h"

#include <limits>
#include <stdexcept>
#include <utility>

#include "eventstore/refusals.h"
#include "model/named_thread.h"

namespace daybook::eventstore {
namespace {

constexpr std::size_t kCachedRowBytes = 8 << 20;

}  // namespace

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
  const std::string number = std::to_string(options_.partition);
  decider_ = model::named_thread("decider-" + number, [this](const std::stop_token& stop) { run_decider(stop); });
  applier_ = model::named_thread("applier-" + number, [this](const std::stop_token& stop) { run_applier(stop); });
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
  const bool is_out_of_reach = log_.outlives_unknown() && log_.health(options_.partition) == Health::kUnreachable;
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
  figures.health = log_.health(options_.partition);
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

}  // namespace daybook::eventstore
