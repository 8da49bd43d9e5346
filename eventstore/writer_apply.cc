#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

#include "eventstore/log_moved.h"
#include "eventstore/refusals.h"
#include "eventstore/writer.h"

namespace daybook::eventstore {
namespace {

constexpr std::chrono::milliseconds kApplyWait{1000};  // for a record; then it is looked what is overdue

// What was read is not held up by what is still on its way.
std::optional<LogRecord> next_if_ready(LogReader& reader) {
  if (!reader.is_ready()) return std::nullopt;
  return reader.next(std::chrono::milliseconds(0));
}

}  // namespace

// One record of the log: what counts is added to `commits`, and what this process waits for to `answered`. True when it
// closes a big command: that is folded, slice by slice, before another record of its workspace is read. True as well
// for a claim: what stands before it is applied before anybody hears of it.
bool Writer::accept(const LogRecord& stored, std::vector<OpenedCommit>& commits, std::deque<Pending>& answered) {
  const auto record = read_record(stored.bytes);
  if (!record) throw std::runtime_error("record at offset " + std::to_string(stored.offset) + ": " + record.error());
  position_.next_offset = stored.offset + 1;
  const Ruling ruling = fence_.accept(stored.offset, *record);
  position_.fence = fence_.position();
  if (ruling != Ruling::kEffective) return false;
  if (const auto* moved = std::get_if<MovedRecord>(&*record)) throw LogMoved(*moved);
  if (const auto* part = std::get_if<PartRecord>(&*record)) {
    note_part(position_, *part, stored.offset);
    settle_part(*part);
  }
  if (const auto* claim = std::get_if<ClaimRecord>(&*record)) {
    drop_unclosed(position_);
    read_claim_ = {claim->instance, keyring_.addresses().checked(claim->node_address, claim->address_mac)};
    return true;
  }
  const auto* commit = std::get_if<CommitRecord>(&*record);
  if (commit == nullptr) return false;

  const auto header = read_header(commit->header);
  if (!header) throw std::runtime_error("record at offset " + std::to_string(stored.offset) + ": " + header.error());
  position_.time_us = header->time_us;
  auto head = applied_heads_.find(header->workspace);
  if (head == applied_heads_.end()) {
    if (applied_heads_.size() > kHeadsKept) applied_heads_.clear();
    head = applied_heads_.emplace(header->workspace, projection_.head(header->workspace)).first;
  }
  {
    const std::lock_guard lock(mutex_);
    if (damaged_.contains(header->workspace)) return false;
  }
  if (const auto fits = check(*header, head->second); !fits) {
    stop_workspace(fits.error(), header->workspace);
    return false;
  }
  head->second = head_after(*header, commit->header, commit->sealed_body);
  std::optional<Pending> own;
  {
    const std::lock_guard lock(mutex_);
    if (!pending_.empty() && commit->fence == pending_.front().fence) {
      own = std::move(pending_.front());
      pending_.pop_front();
    }
  }
  OpenedCommit opened;
  if (own) {
    opened = std::move(own->opened);
  } else {
    auto read = codec_.open(commit->header, commit->sealed_body);
    if (!read) {
      stop_workspace(read.error(), header->workspace);
      return false;
    }
    opened = {std::move(*read), head->second};
  }
  if (header->part_count > 0)
    return begin_fold(std::move(opened), std::move(own), {stored.offset, commit->fence.epoch});
  commits.push_back(std::move(opened));
  if (own) answered.push_back(std::move(*own));
  return false;
}

void Writer::stop_workspace(const HistoryDamage& damage, model::WorkspaceId workspace) {
  const std::lock_guard lock(mutex_);
  damaged_.emplace(workspace, damage.text());
}

// True as well while the log is out of reach: then the slice is read again.
bool Writer::fold_slice_if_reached() {
  try {
    return fold_slice();
  } catch (const LogUnreachable&) {
    return true;
  }
}

// While commands are taken, a log that is out of reach is waited for: its health says so. A start has to say so itself.
std::optional<LogRecord> Writer::first_record(LogReader& reader, std::chrono::milliseconds wait) const {
  try {
    return reader.next(wait);
  } catch (const LogUnreachable&) {
    if (!is_following_) throw;
    return std::nullopt;
  }
}

std::size_t Writer::apply_available(LogReader& reader, std::chrono::milliseconds wait, std::size_t limit) {
  std::deque<Pending> answered;
  std::size_t read = 0;
  try {
    std::vector<OpenedCommit> commits;
    while (read < limit) {
      const auto record = read == 0 ? first_record(reader, wait) : next_if_ready(reader);
      if (!record) break;
      ++read;
      if (accept(*record, commits, answered)) break;
    }
    if (read == 0) return 0;
    projection_.apply(options_.partition, commits, position_);
  } catch (...) {  // they stand in the log, and whether their state will is not known
    for (Pending& pending : answered) answer(pending, Fate::kUnknown);
    throw;
  }
  applied_batch_.observe(read);
  for (Pending& pending : answered) answer_applied(pending);
  if (const auto claim = std::exchange(read_claim_, std::nullopt)) note_claim(*claim);
  {
    const std::lock_guard lock(mutex_);  // so that who waits for the offset, and then looks at the claim, sees both
    applied_offset_ = position_.next_offset;
  }
  changed_.notify_all();
  return read;
}

// False where the log failed while the command was decided: nobody would answer it any more.
bool Writer::add_pending(Pending pending) {
  const std::lock_guard lock(mutex_);
  if (failed_) return false;
  pending_.push_back(std::move(pending));
  return true;
}

void Writer::answer_after_pending(Submission& submission, Outcome outcome) {
  const std::uint64_t sequence = heads_[submission.workspace].sequence;
  OnFate answer = [done = std::move(submission.done), outcome = std::move(outcome), epoch = epoch_,
                   this](Fate fate) mutable {
    if (failed_) return done(unknown());
    if (fate != Fate::kEffective) return done(undone());
    answer_if_owner(epoch, done, std::move(outcome));
  };
  {
    const std::lock_guard lock(mutex_);
    for (Pending& pending : pending_) {
      if (pending.sequence != sequence) continue;
      pending.waiters.emplace_back(std::move(answer));
      return;
    }
    if (!failed_ && sequence > applied_sequence_) {
      resting_.emplace_back(sequence, std::move(answer));
      return;
    }
  }
  answer(Fate::kEffective);
}

void Writer::answer_if_owner(std::uint64_t epoch, const std::function<void(Outcome)>& done, Outcome outcome) {
  if (!barrier_) return done(std::move(outcome));
  barrier_->hold(epoch, [done, outcome = std::move(outcome)](bool is_certain) mutable {
    done(is_certain ? std::move(outcome) : undone());
  });
}

// As ReadBarrier::OwnSince.
std::optional<std::uint64_t> Writer::own_since(std::uint64_t end) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, options_.answer_within,
                    [&] { return failed_ || !claimed_.is_own || applied_offset_ >= end; });
  const bool is_certain = !failed_ && claimed_.is_own && applied_offset_ >= end;
  return is_certain ? std::optional(claimed_.own_since) : std::nullopt;
}

void Writer::answer_applied(Pending& pending) {
  keyring_.settle(pending.key_names);
  const auto waited = std::chrono::steady_clock::now() - pending.appended;
  append_to_apply_.observe(
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(waited).count()));
  {
    const std::lock_guard lock(mutex_);
    applied_sequence_ = std::max(applied_sequence_, pending.sequence);
    if (pending.lets_go) queue_.let_go(*pending.lets_go);
  }
  answer(pending, Fate::kEffective);
  answer_resting(pending.sequence, Fate::kEffective);
}

void Writer::answer_resting(std::uint64_t up_to, Fate fate) {
  std::vector<OnFate> answers;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [sequence, answer] : resting_) {
      if (sequence <= up_to) answers.push_back(std::move(answer));
    }
    std::erase_if(resting_, [up_to](const auto& one) { return one.first <= up_to; });
  }
  for (const OnFate& answer : answers) answer(fate);
}

void Writer::answer(Pending& pending, Fate fate) {
  if (pending.answer) pending.answer(fate);
  for (const OnFate& waiter : pending.waiters) waiter(fate);
}

// The client has waited long enough for brokers, or a disk, that may come back: it is told that nobody knows yet. The
// commit stays pending, and what rests on it alone has done nothing.
void Writer::answer_overdue() {
  const auto appended_before = std::chrono::steady_clock::now() - options_.answer_within;
  std::vector<OnFate> unknown;
  std::vector<OnFate> undone;
  {
    const std::lock_guard lock(mutex_);
    for (Pending& pending : pending_) {
      if (pending.appended > appended_before) break;
      if (pending.answer && pending.has_client) unknown.push_back(std::exchange(pending.answer, nullptr));
      for (OnFate& waiter : pending.waiters) undone.push_back(std::move(waiter));
      pending.waiters.clear();
    }
  }
  for (const OnFate& answer : unknown) answer(Fate::kUnknown);
  for (const OnFate& answer : undone) answer(Fate::kDead);
}

void Writer::run_applier(const std::stop_token& stop) {
  is_following_ = true;
  reader_->set_patience(kApplyWait);
  try {
    while (!stop.stop_requested()) {
      answer_overdue();
      const bool folding = fold_slice_if_reached();
      // Nobody writes on in the workspace of a command that this process folds, but another one may.
      if (folding && !is_owner()) continue;
      apply_available(*reader_, folding ? std::chrono::milliseconds(0) : kApplyWait, kApplyAtOnce);
    }
    fold_to_the_end();
  } catch (const std::exception& error) {
    fail(error.what());
  }
  for (Folding& folding : folds_) {
    if (folding.pending) answer(*folding.pending, Fate::kUnknown);
  }
}

// Where the log is out of reach the next start does it.
void Writer::fold_to_the_end() {
  try {
    while (fold_slice()) {
    }
  } catch (const LogUnreachable&) {
    warn("a large command is not folded to its end, for the log is out of reach; the next start goes on with it");
  }
}

void Writer::fail(const std::string& what) {
  std::deque<Pending> lost;
  std::vector<Submission> refused_commands;
  {
    const std::lock_guard lock(mutex_);
    if (failed_) return;
    failed_ = true;
    lost.swap(pending_);
    refused_commands = queue_.take_all();
  }
  changed_.notify_all();
  for (Pending& pending : lost) answer(pending, Fate::kUnknown);
  answer_resting(std::numeric_limits<std::uint64_t>::max(), Fate::kUnknown);
  for (Submission& submission : refused_commands) submission.done(log_failed());
  options_.on_fatal(what);
}

}  // namespace daybook::eventstore
