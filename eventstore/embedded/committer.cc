#include "eventstore/embedded/committer.h"

#include <exception>
#include <utility>

#include "eventstore/checksum.h"
#include "model/named_thread.h"

namespace daybook::eventstore {
namespace {

constexpr std::size_t kBatchBytes = 4 << 20;

std::size_t size_of(const Append& append) {
  std::size_t bytes = append.record.size();
  for (const WrappedKey& key : append.keys) bytes += key.name.size() + key.value.size();
  return bytes;
}

}  // namespace

Committer::Committer(Database& database, HighWaterMark& mark, CommittedEnd& end, FreeSpace& free_space,
                     QueueLimits limits)
    : database_(database), mark_(mark), end_(end), free_space_(free_space), limits_(limits) {
  thread_ = model::named_thread("log-committer", [this] { run(); });
}

Committer::~Committer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  queued_.notify_one();
  thread_.join();
}

void Committer::append(Append append, DeliveryReport report) {
  const std::size_t bytes = size_of(append);
  std::unique_lock lock(mutex_);
  has_room_.wait(lock, [&] {
    return queue_.empty() || (queue_.size() < limits_.records && queued_bytes_ + bytes <= limits_.bytes);
  });
  queue_.push_back({std::move(append), std::move(report), session_, bytes});
  queued_bytes_ += bytes;
  const bool first = queue_.size() == 1;
  lock.unlock();
  if (first) queued_.notify_one();
}

void Committer::reopen_session() {
  const std::lock_guard lock(mutex_);
  ++session_;
}

std::optional<std::string> Committer::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void Committer::run() {
  for (std::vector<Item> items = take(); !items.empty(); items = take()) {
    std::span<Item> rest = items;
    while (!rest.empty()) {
      std::size_t count = 0;
      for (std::size_t bytes = 0; count < rest.size() && (count == 0 || bytes + rest[count].bytes <= kBatchBytes);) {
        bytes += rest[count++].bytes;
      }
      commit(rest.first(count));
      rest = rest.subspan(count);
    }
  }
}

// Everything that is queued; empty when the committer is to end.
std::vector<Committer::Item> Committer::take() {
  std::unique_lock lock(mutex_);
  queued_.wait(lock, [this] { return !queue_.empty() || stopping_; });
  queued_bytes_ = 0;
  std::vector<Item> items = std::exchange(queue_, {});
  lock.unlock();
  has_room_.notify_all();
  return items;
}

void Committer::commit(std::span<Item> items) {
  std::vector<const Append*> appends;
  for (const Item& item : items) {
    if (item.session > broken_session_) appends.push_back(&item.append);
  }
  if (!appends.empty() && !write(appends)) broken_session_ = items.back().session;
  for (Item& item : items) {
    item.report(item.session > broken_session_ ? Delivery::kAcknowledged : Delivery::kUnknown);
  }
}

// Whether all of it is on stable storage and covered by the mark.
bool Committer::write(std::span<const Append* const> appends) {
  if (failure() || free_space_.is_used_up()) return false;
  const std::uint64_t first_offset = end_.get();
  if (const auto reason = database_.write(first_offset, appends)) {
    latch(*reason);
    return false;
  }
  const std::uint64_t end = first_offset + appends.size();
  try {
    mark_.advance({end, fingerprint(appends.back()->record)});
  } catch (const std::exception& error) {
    latch(error.what());
    return false;
  }
  end_.advance(end);
  return true;
}

void Committer::latch(std::string reason) {
  const std::lock_guard lock(mutex_);
  failure_ = std::move(reason);
}

}  // namespace daybook::eventstore
