#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "eventstore/fence.h"
#include "eventstore/log.h"

namespace daybook::eventstore {

/// Reads the records of a partition that count, from its start. Not thread-safe.
class CountedReader {
 public:
  /// `log` outlives the reader.
  CountedReader(Log& log, std::uint32_t partition) : reader_(log.read(partition, 0)) {}

  /// The next one, waiting up to `wait` for it, with views that live until the next call; nothing at the end. Throws
  /// LogMoved where the log says so, LogDamaged where a record cannot be read, and as LogReader::next.
  std::optional<Record> next(std::chrono::milliseconds wait = {});

  /// Of the record that was returned last.
  std::uint64_t offset() const { return stored_.offset; }
  const FencePosition& fence() const { return fence_.position(); }

 private:
  std::unique_ptr<LogReader> reader_;
  FenceRule fence_;
  LogRecord stored_;
};

}  // namespace daybook::eventstore
