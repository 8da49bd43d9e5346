#include <atomic>
#include <memory>
#include <stdexcept>
#include <utility>

#include "eventstore/crash_point.h"
#include "eventstore/refusals.h"
#include "eventstore/writer.h"

namespace daybook::eventstore {
namespace {

constexpr std::chrono::milliseconds kClaimAgain{500};  // after a claim whose outcome is unknown too

}  // namespace

// Another process may claim at the same time: then the one that reads the other's claim first claims again, on that
// one.
void Writer::claim() {
  // The claim may be read back before it is reported, so the report outlives this call.
  const auto lost = std::make_shared<std::atomic<bool>>(false);
  claimed_.is_own = false;
  while (!claimed_.is_own) {
    const auto epoch_before = fence_.position().epoch;
    append_claim(epoch_before, [lost](Delivery delivery) { *lost = delivery != Delivery::kAcknowledged; });
    while (fence_.position().epoch == epoch_before) {
      if (*lost) {
        throw std::runtime_error(
            "the log does not take the claim of this process; see the disk and its free space, or the brokers");
      }
      apply_available(*reader_, std::chrono::milliseconds(100), 1);
    }
  }
  begin_epoch(claimed_);
}

void Writer::append_claim(const std::optional<std::uint64_t>& previous, DeliveryReport report) {
  const ClaimRecord claim{previous, options_.instance, options_.node_address};
  log_.append(options_.partition, {write_record(claim), {}}, std::move(report));
}

// The applier's, once everything before the claim is applied.
void Writer::note_claim(const ClaimRecord& claim) {
  const std::lock_guard lock(mutex_);
  claimed_ = {fence_.position().epoch, claim.instance == options_.instance, position_.time_us};
}

// This process has the partition from its claim on.
void Writer::begin_epoch(const Claimed& claimed) {
  epoch_ = *claimed.epoch;
  sequence_at_claim_ = sequence_;
  // A millisecond on, so that ids of this process stand after all ids of the one before.
  last_time_us_ = claimed.time_us + 1000;
  log_.enter(options_.partition, epoch_);
}

void Writer::warn(const std::string& what) const {
  if (options_.on_warning) options_.on_warning(what);
}

DeliveryReport Writer::on_delivery(bool has_parts) {
  return [listening = listening_, has_parts](Delivery delivery) {
    const std::lock_guard lock(listening->mutex);
    if (listening->writer == nullptr) return;
    listening->writer->delivered(delivery);
    if (has_parts && delivery == Delivery::kAcknowledged) pass(CrashPoint::kCommit);
  };
}

// An acknowledgement alone says nothing: what counts is what comes back. Anything else leaves all that is pending open.
void Writer::delivered(Delivery delivery) {
  if (delivery == Delivery::kAcknowledged) return;
  if (!log_.outlives_unknown()) return fail(log_.failure().value_or("a record was not confirmed"));
  {
    const std::lock_guard lock(mutex_);
    is_session_lost_ = true;
  }
  changed_.notify_all();
}

// Whether nothing may be appended before what is pending is decided: its outcome is unknown, or another claim was read.
bool Writer::is_in_doubt() const {
  return !failed_ && !is_replaced_ && (is_session_lost_ || is_claiming_ || !claimed_.is_own);
}

// Until every pending commit is decided for good; false when the server stops before that.
bool Writer::settle_doubt() try {
  const Claimed claimed = claim_again();
  if (claimed.epoch == epoch_) return false;
  drop_doubtful();
  if (claimed.is_own) {
    begin_epoch(claimed);
    warn("what was pending is decided; commands are taken again");
  } else {
    warn("another process has taken the partition; commands are refused, and reads go on");
  }
  {
    const std::lock_guard lock(mutex_);
    is_claiming_ = false;
    is_replaced_ = !claimed.is_own;
  }
  if (claimed.is_own && options_.on_recovered) options_.on_recovered();
  return true;
} catch (const std::exception& error) {
  fail(error.what());
  return false;
}

bool Writer::is_replaced() const {
  const std::lock_guard lock(mutex_);
  return is_replaced_;
}

// Appends claims, each in a session of its own, until one is read: of this process, or of another that was faster. All
// of them name the epoch in doubt, so at most one counts.
Writer::Claimed Writer::claim_again() {
  std::unique_lock lock(mutex_);
  is_claiming_ = true;
  const auto is_over = [this] { return claimed_.epoch != epoch_ || failed_ || stopping_; };
  while (!is_over()) {
    lock.unlock();
    log_.reopen_session(options_.partition);  // reports what was open, so the flag is set once more
    lock.lock();
    is_session_lost_ = false;
    lock.unlock();
    append_claim(epoch_, on_delivery());
    lock.lock();
    while (!is_over() && !is_session_lost_) {
      changed_.wait_for(lock, kClaimAgain, [&] { return is_over() || is_session_lost_; });
      lock.unlock();
      refuse_queue();
      lock.lock();
    }
    changed_.wait_for(lock, kClaimAgain, is_over);
  }
  return claimed_;
}

// While the log is out of reach nobody waits in vain.
void Writer::refuse_queue() {
  if (log_.health() != Health::kUnreachable) return;
  std::vector<Submission> refused_commands;
  {
    const std::lock_guard lock(mutex_);
    refused_commands = queue_.take_all();
  }
  for (Submission& submission : refused_commands) submission.done(unreachable());
}

std::deque<Writer::Pending> Writer::take_pending() {
  const std::lock_guard lock(mutex_);
  return std::exchange(pending_, {});
}

// What did not come back before the claim never counts any more. The state is what was applied.
void Writer::drop_doubtful() {
  forget_doubtful();
  std::deque<Pending> dead = take_pending();
  std::deque<PartKeys> parts;
  {
    const std::lock_guard lock(mutex_);
    parts = std::exchange(part_keys_, {});
    for (const Pending& pending : dead) {
      if (pending.lets_go) queue_.let_go(*pending.lets_go);
    }
  }
  for (const PartKeys& part : parts) keyring_.abandon(part.names);
  for (Pending& pending : dead) {
    keyring_.abandon(pending.key_names);
    answer(pending, Fate::kDead);
  }
  // Those that have begun have written parts of the epoch before, whether they came back or not.
  for (auto& run : std::exchange(big_runs_, {})) {
    const bool has_begun = run->has_begun();
    big_runs_.insert(has_begun ? big_runs_.begin() : big_runs_.end(), std::move(run));
    if (has_begun) end_big(undone());
  }
}

void Writer::forget_doubtful() {
  overlay_ = {};
  cache_.clear();
  heads_.clear();
  keys_in_progress_.clear();
  const std::lock_guard lock(mutex_);
  applied_sequence_ = sequence_;
}

}  // namespace daybook::eventstore
