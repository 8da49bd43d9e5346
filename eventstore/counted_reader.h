#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "eventstore/fence.h"
#include "eventstore/log.h"
#include "model/uuid.h"

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

/// Who claimed the first partition first: another one in a log that was copied (LogCopy), whose offsets are its own.
/// Throws std::runtime_error where nobody did, and as LogReader::next.
model::Uuid first_claimant(Log& log);

}  // namespace daybook::eventstore
