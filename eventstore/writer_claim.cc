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
constexpr std::chrono::milliseconds kOwnerWait{5'000};

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
  const std::string& address = options_.node_address;
  const ClaimRecord claim{previous, options_.instance, address, keyring_.addresses().mac(address)};
  log_.append(options_.partition, {write_record(claim), {}}, std::move(report));
}

// The applier's, once everything before the claim is applied.
void Writer::note_claim(const ReadClaim& claim) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t epoch = *fence_.position().epoch;
  const bool is_own = claim.instance == options_.instance;
  const std::uint64_t own_since = is_own && claimed_.is_own ? claimed_.own_since : epoch;
  claimed_ = {epoch, is_own, own_since, claim.node_address, position_.time_us};
}

// Whose claim it is that counts at the end of the log; where the state has gone past it, it is read once more.
void Writer::find_owner() {
  const auto epoch = fence_.position().epoch;
  if (!epoch || claimed_.epoch == epoch) return;
  std::string address;
  const auto stored = log_.read(options_.partition, *epoch)->next(kOwnerWait);
  const auto record = stored ? read_record(stored->bytes) : std::unexpected(std::string());
  if (const auto* claim = record ? std::get_if<ClaimRecord>(&*record) : nullptr) {
    address = keyring_.addresses().checked(claim->node_address, claim->address_mac);
  }
  claimed_ = {epoch, false, 0, std::move(address), position_.time_us};
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
  if (options_.on_warning) options_.on_warning("partition " + std::to_string(options_.partition) + ": " + what);
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

void Writer::take() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(is_wanted_, true)) return;
    gives_way_until_ = {};
  }
  changed_.notify_all();
}

void Writer::leave() {
  const std::lock_guard lock(mutex_);
  is_wanted_ = false;
  changed_.notify_all();
}

void Writer::wait_until_replaced(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, deadline, [this] { return stands_by_ || failed_; });
}

bool Writer::is_owner() const {
  const std::lock_guard lock(mutex_);
  return !stands_by_ && claimed_.is_own;
}

std::string Writer::owner_address() const {
  const std::lock_guard lock(mutex_);
  return claimed_.node_address;
}

Writer::Claim Writer::last_claim() const {
  const std::lock_guard lock(mutex_);
  return {claimed_.epoch, claimed_.is_own, claimed_.node_address};
}

// Whether nothing may be appended before a claim is read: the outcome of what is pending is unknown, another claim was
// read, or this process is to have the partition.
bool Writer::is_in_doubt() const {
  if (failed_) return false;
  return stands_by_ ? is_wanted_ : is_session_lost_ || is_claiming_ || !claimed_.is_own;
}

// Until it is certain who has the partition, and so every pending commit is decided for good; false when the server
// stops before that.
bool Writer::settle_doubt() try {
  const auto claimed = claim_again();
  if (!claimed) {
    const std::lock_guard lock(mutex_);
    return !failed_ && !stopping_;
  }
  drop_doubtful();
  if (!claimed->is_own) {
    stand_by(*claimed);
    return true;
  }
  begin_epoch(*claimed);
  bool is_from_another = false;
  {
    const std::lock_guard lock(mutex_);
    is_claiming_ = false;
    is_from_another = std::exchange(stands_by_, false);
  }
  warn(is_from_another ? "this process has taken the partition; commands are taken"
                       : "what was pending is decided; commands are taken again");
  if (options_.on_taken) options_.on_taken(options_.partition, is_from_another);
  return true;
} catch (const std::exception& error) {
  fail(error.what());
  return false;
}

void Writer::stand_by(const Claimed& claimed) {
  {
    const std::lock_guard lock(mutex_);
    is_claiming_ = false;
    is_session_lost_ = false;
    stands_by_ = true;
    gives_way_until_ = std::chrono::steady_clock::now() + options_.give_way;
  }
  changed_.notify_all();
  warn("another process has taken the partition" +
       (claimed.node_address.empty() ? std::string() : ", that at " + claimed.node_address) +
       "; commands are refused, and reads go on");
}

// Whoever was replaced a moment ago may not have heard yet that it is not wanted any more.
void Writer::give_way(std::unique_lock<std::mutex>& lock) {
  changed_.wait_until(lock, gives_way_until_, [this] { return failed_ || stopping_ || !is_wanted_; });
}

// Appends claims, each in a session of its own, until one is read: of this process, or of another that was faster. All
// of them name the same epoch, so at most one counts. Nothing where this process stops, or is not wanted any more.
std::optional<Writer::Claimed> Writer::claim_again() {
  std::unique_lock lock(mutex_);
  if (stands_by_) give_way(lock);
  const auto before = stands_by_ ? claimed_.epoch : std::optional(epoch_);
  const auto is_over = [&] { return claimed_.epoch != before || failed_ || stopping_ || (stands_by_ && !is_wanted_); };
  is_claiming_ = true;
  while (!is_over()) {
    lock.unlock();
    log_.reopen_session(options_.partition);  // reports what was open, so the flag is set once more
    lock.lock();
    is_session_lost_ = false;
    lock.unlock();
    append_claim(before, on_delivery());
    lock.lock();
    while (!is_over() && !is_session_lost_) {
      changed_.wait_for(lock, kClaimAgain, [&] { return is_over() || is_session_lost_; });
      lock.unlock();
      refuse_queue();
      lock.lock();
    }
    changed_.wait_for(lock, kClaimAgain, is_over);
  }
  return claimed_.epoch != before ? std::optional(claimed_) : std::nullopt;
}

// While the log is out of reach nobody waits in vain.
void Writer::refuse_queue() {
  if (log_.health(options_.partition) != Health::kUnreachable) return;
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
