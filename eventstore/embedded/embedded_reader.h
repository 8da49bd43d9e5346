#pragma once

#include <atomic>
#include <memory>

#include "eventstore/embedded/committed_end.h"
#include "eventstore/embedded/database.h"
#include "eventstore/log.h"

namespace daybook::eventstore {

/// Reads the embedded log up to its committed end. Offsets there are dense, so a hole is damage.
class EmbeddedReader final : public LogReader {
 public:
  EmbeddedReader(const Database& database, CommittedEnd& end, std::uint64_t from_offset);
  ~EmbeddedReader() override;

  std::optional<LogRecord> next(std::chrono::milliseconds wait) override;
  void interrupt() override;

 private:
  const Database& database_;
  CommittedEnd& end_;
  std::uint64_t next_offset_;
  std::unique_ptr<rocksdb::Iterator> iterator_;  // null at the end: an idle reader pins no files
  std::atomic<bool> interrupted_ = false;
};

}  // namespace daybook::eventstore
