#pragma once

#include <cstdint>
#include <deque>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "eventstore/counted_reader.h"
#include "eventstore/log.h"
#include "model/uuid.h"

namespace daybook::eventstore {

/// One partition under a claim of one's own, for programs that write records as they stand. Not thread-safe.
class LogTenure {
 public:
  /// Reads to the end, and writes nothing yet. `log` outlives the tenure. Throws as CountedReader::next.
  LogTenure(Log& log, std::uint32_t partition);

  /// Claims the partition, anew where it was confirmed, and reads that back: what is appended then counts. Keys that no
  /// record takes along may go with the claim. Throws std::runtime_error where the log does not take the claim, and as
  /// CountedReader::next.
  void begin(const model::Uuid& instance, const std::vector<WrappedKey>& keys = {});

  std::uint64_t epoch() const { return epoch_; }
  /// The next record's. Each is to be used once, in order.
  Fence next_fence() { return {epoch_, ++sequence_}; }

  void append(Append append);
  /// Waits until everything appended is on the log and counts. Throws std::runtime_error where it is not, and as
  /// CountedReader::next.
  void confirm();
  /// Reads to the end. Throws std::runtime_error where another process has claimed the partition, and as
  /// CountedReader::next.
  void require_ours();

 private:
  void settle_oldest();

  Log& log_;
  const std::uint32_t partition_;
  CountedReader reader_;
  std::uint64_t epoch_ = 0;
  std::uint64_t sequence_ = 0;
  std::deque<std::future<Delivery>> reports_;
};

}  // namespace daybook::eventstore
