#include "eventstore/memory_log.h"

#include <algorithm>
#include <utility>

namespace daybook::eventstore {

class MemoryLog::Reader final : public LogReader {
 public:
  Reader(MemoryLog& log, Partition& partition, std::uint64_t offset)
      : log_(log), partition_(partition), offset_(offset) {}

  std::optional<LogRecord> next(std::chrono::milliseconds wait) override {
    std::unique_lock lock(log_.mutex_);
    log_.grown_.wait_for(lock, wait, [this] { return interrupted_ || offset_ < partition_.records.size(); });
    if (std::exchange(interrupted_, false) || offset_ >= partition_.records.size()) return std::nullopt;
    if (!log_.is_readable_) throw LogUnreachable("nobody hands out records");
    if (offset_ < partition_.read_to && log_.refused_reads_ > 0) {
      --log_.refused_reads_;
      throw LogUnreachable("nobody hands out records again");
    }
    LogRecord record{offset_, partition_.records[offset_]};
    partition_.read_to = std::max(partition_.read_to, ++offset_);
    return record;
  }

  void interrupt() override {
    {
      const std::lock_guard lock(log_.mutex_);
      interrupted_ = true;
    }
    log_.grown_.notify_all();
  }

 private:
  MemoryLog& log_;
  Partition& partition_;
  std::uint64_t offset_;
  bool interrupted_ = false;  // by the log's mutex
};

MemoryLog::MemoryLog(std::uint32_t partition_count) : partitions_(partition_count) {}
MemoryLog::~MemoryLog() = default;

void MemoryLog::append(std::uint32_t partition, Append append, DeliveryReport report) {
  std::unique_lock lock(mutex_);
  Partition& to = partitions_.at(partition);
  Pending pending{std::move(append), std::move(report), std::nullopt};
  if (!to.faults.empty()) {
    pending.fault = to.faults.front();
    to.faults.pop_front();
  }
  if (to.holding) {
    to.held.push_back(std::move(pending));
    return;
  }
  settle(to, std::move(pending));
  make_reports(to, lock);
}

void MemoryLog::enter(std::uint32_t partition, std::uint64_t epoch) {
  const std::lock_guard lock(mutex_);
  partitions_.at(partition).entered.push_back(epoch);
}

std::vector<std::uint64_t> MemoryLog::entered(std::uint32_t partition) const {
  const std::lock_guard lock(mutex_);
  return partitions_.at(partition).entered;
}

bool MemoryLog::outlives_unknown() const {
  const std::lock_guard lock(mutex_);
  return outlives_unknown_;
}

void MemoryLog::set_outlives_unknown() {
  const std::lock_guard lock(mutex_);
  outlives_unknown_ = true;
}

// Decides the fate of one append; its report waits in `settled`.
void MemoryLog::settle(Partition& partition, Pending pending) {
  const bool refused = partition.broken || (health_ != Health::kOk && health_ != Health::kDiskFull);
  const bool error = pending.fault == Fault::kErrorThoughWritten || pending.fault == Fault::kErrorNotWritten;
  if (!refused && pending.fault != Fault::kErrorNotWritten) write(partition, pending.append);
  if (!refused && pending.fault == Fault::kWrittenTwice) write(partition, pending.append);
  partition.broken = refused || error;
  partition.settled.push_back({std::move(pending.report),
                               partition.broken ? Delivery::kUnknown : Delivery::kAcknowledged,
                               !refused && pending.fault == Fault::kAckLate});
}

void MemoryLog::write(Partition& partition, const Append& append) {
  partition.records.push_back(append.record);
  for (const WrappedKey& key : append.keys) partition.keys[key.name] = key.value;
  grown_.notify_all();
}

// One thread at a time reports for a partition, so that the order holds; others leave theirs to it.
void MemoryLog::make_reports(Partition& partition, std::unique_lock<std::mutex>& lock) {
  if (partition.reporting) return;
  partition.reporting = true;
  while (!partition.settled.empty() && !partition.settled.front().late) {
    const Settled settled = std::move(partition.settled.front());
    partition.settled.pop_front();
    lock.unlock();
    settled.report(settled.delivery);
    lock.lock();
  }
  partition.reporting = false;
}

void MemoryLog::reopen_session(std::uint32_t partition) {
  std::unique_lock lock(mutex_);
  Partition& of = partitions_.at(partition);
  for (Settled& settled : of.settled) {
    settled.late = false;
    settled.delivery = Delivery::kUnknown;
  }
  for (Pending& pending : of.held) of.settled.push_back({std::move(pending.report), Delivery::kUnknown, false});
  of.held.clear();
  of.broken = false;
  make_reports(of, lock);
}

std::unique_ptr<LogReader> MemoryLog::read(std::uint32_t partition, std::uint64_t from_offset) {
  return std::make_unique<Reader>(*this, partitions_.at(partition), from_offset);
}

std::uint64_t MemoryLog::end(std::uint32_t partition) const {
  const std::lock_guard lock(mutex_);
  return partitions_.at(partition).records.size();
}

std::optional<std::string> MemoryLog::find_key(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  for (const Partition& partition : partitions_) {
    if (const auto found = partition.keys.find(name); found != partition.keys.end()) return found->second;
  }
  return std::nullopt;
}

std::vector<WrappedKey> MemoryLog::keys(std::uint32_t partition) const {
  const std::lock_guard lock(mutex_);
  std::vector<WrappedKey> keys;
  for (const auto& [name, value] : partitions_.at(partition).keys) keys.push_back({name, value});
  return keys;
}

Health MemoryLog::health(std::uint32_t /*partition*/) const {
  const std::lock_guard lock(mutex_);
  return health_;
}

void MemoryLog::hold(std::uint32_t partition) {
  const std::lock_guard lock(mutex_);
  partitions_.at(partition).holding = true;
}

std::size_t MemoryLog::deliver(std::uint32_t partition, std::size_t count) {
  std::unique_lock lock(mutex_);
  Partition& of = partitions_.at(partition);
  const std::size_t delivered = std::min(count, of.held.size());
  for (std::size_t index = 0; index < delivered; ++index) {
    settle(of, std::move(of.held.front()));
    of.held.pop_front();
  }
  make_reports(of, lock);
  return delivered;
}

void MemoryLog::resume(std::uint32_t partition) {
  std::unique_lock lock(mutex_);
  Partition& of = partitions_.at(partition);
  of.holding = false;
  for (; !of.held.empty(); of.held.pop_front()) settle(of, std::move(of.held.front()));
  make_reports(of, lock);
}

std::size_t MemoryLog::held(std::uint32_t partition) const {
  const std::lock_guard lock(mutex_);
  return partitions_.at(partition).held.size();
}

void MemoryLog::inject(std::uint32_t partition, Fault fault) {
  const std::lock_guard lock(mutex_);
  partitions_.at(partition).faults.push_back(fault);
}

void MemoryLog::release_late(std::uint32_t partition) {
  std::unique_lock lock(mutex_);
  Partition& of = partitions_.at(partition);
  for (Settled& settled : of.settled) settled.late = false;
  make_reports(of, lock);
}

std::uint64_t MemoryLog::insert(std::uint32_t partition, std::string record) {
  const std::lock_guard lock(mutex_);
  Partition& to = partitions_.at(partition);
  write(to, {std::move(record), {}});
  return to.records.size() - 1;
}

void MemoryLog::set_health(Health health) {
  const std::lock_guard lock(mutex_);
  health_ = health;
}

void MemoryLog::set_readable(bool is_readable) {
  const std::lock_guard lock(mutex_);
  is_readable_ = is_readable;
}

void MemoryLog::refuse_to_read_again(std::size_t times) {
  const std::lock_guard lock(mutex_);
  refused_reads_ = times;
}

void MemoryLog::crash(std::size_t survivors) {
  const std::lock_guard lock(mutex_);
  for (Partition& partition : partitions_) {
    for (std::size_t index = 0; index < std::min(survivors, partition.held.size()); ++index) {
      write(partition, partition.held[index].append);
    }
    partition.held.clear();
    partition.settled.clear();
    partition.faults.clear();
    partition.holding = false;
    partition.broken = false;
  }
}

}  // namespace daybook::eventstore
