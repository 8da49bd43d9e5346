#include "eventstore/log_tenure.h"

#include <memory>
#include <stdexcept>
#include <utility>

namespace daybook::eventstore {
namespace {

constexpr std::chrono::milliseconds kReadBack{30'000};  // far longer than a log that works takes
constexpr std::size_t kInFlight = 256;

std::future<Delivery> append_to(Log& log, std::uint32_t partition, Append append) {
  auto promise = std::make_shared<std::promise<Delivery>>();
  auto report = promise->get_future();
  log.append(partition, std::move(append), [promise](Delivery delivery) { promise->set_value(delivery); });
  return report;
}

void require(std::future<Delivery>& report) {
  if (report.get() == Delivery::kAcknowledged) return;
  throw std::runtime_error("the log did not confirm a record; see the disk and its free space, or the brokers");
}

[[noreturn]] void refuse_replaced() {
  throw std::runtime_error("another process has claimed the log meanwhile; stop it, and try again");
}

}  // namespace

LogTenure::LogTenure(Log& log, std::uint32_t partition) : log_(log), partition_(partition), reader_(log, partition) {
  while (reader_.next()) {
  }
}

// Where another process is faster, its claim is read first, and the next one names that.
void LogTenure::begin(const model::Uuid& instance, const std::vector<WrappedKey>& keys) {
  for (;;) {
    const auto before = reader_.fence().epoch;
    auto report = append_to(log_, partition_, {write_record(ClaimRecord{before, instance, {}}), keys});
    require(report);
    while (reader_.fence().epoch == before) {
      const auto record = reader_.next(kReadBack);
      if (!record) throw std::runtime_error("the claim of the log cannot be read back; see the brokers, and try again");
      const auto* claim = std::get_if<ClaimRecord>(&*record);
      if (claim == nullptr || claim->instance != instance) continue;
      epoch_ = reader_.offset();
      sequence_ = 0;
      return log_.enter(partition_, epoch_);
    }
  }
}

void LogTenure::append(Append append) {
  if (reports_.size() == kInFlight) settle_oldest();
  reports_.push_back(append_to(log_, partition_, std::move(append)));
}

void LogTenure::settle_oldest() {
  require(reports_.front());
  reports_.pop_front();
}

void LogTenure::confirm() {
  while (!reports_.empty()) settle_oldest();
  while (reader_.fence() != FencePosition{epoch_, sequence_}) {
    if (!reader_.next(kReadBack) || reader_.fence().epoch != epoch_) refuse_replaced();
  }
}

void LogTenure::require_ours() {
  while (reader_.next()) {
  }
  if (reader_.fence().epoch != epoch_) refuse_replaced();
}

}  // namespace daybook::eventstore
