#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eventstore/counted_reader.h"
#include "eventstore/log.h"
#include "model/uuid.h"

namespace daybook::eventstore {

/// A record that belongs to a workspace's history: it counts, and is no claim.
struct HistoryEntry {
  Record record;
  model::WorkspaceId workspace;
  std::optional<CommitHeader> header;  // of a commit
};

/// The bytes of a commit or part as it stands, under another fence.
std::string under(const Fence& fence, Record record);

/// Those of one partition, in order. One thread uses it.
class PartitionHistory {
 public:
  /// Up to the offset `end`, which is not read, or to where the log was moved. `log` outlives it.
  PartitionHistory(Log& log, std::uint32_t partition, std::uint64_t end) : reader_(log, partition), end_(end) {}

  /// The next one, with views that live until the next call; nothing at the end. Throws LogDamaged where a record or
  /// header cannot be read, and as LogReader::next.
  std::optional<HistoryEntry> next();
  /// Of the record that was read last.
  std::uint64_t offset() const { return reader_.offset(); }

 private:
  std::optional<Record> next_record();

  CountedReader reader_;
  const std::uint64_t end_;
};

/// Those of all partitions of a log, as one sequence that depends on the records alone. Each partition keeps its order.
/// Of the records that are next there, the one with the lowest time goes first, or else the one on the lowest
/// partition; a part has the time of the commit before it. So times do not go backwards where they do not on the
/// partitions. One record of each partition is in memory.
class MergedHistory {
 public:
  /// One offset for each partition, as above. `log` outlives it. Throws as `next`.
  MergedHistory(Log& log, const std::vector<std::uint64_t>& ends);

  /// The next one, which lives until the next call; none at the end. Throws as PartitionHistory::next.
  const HistoryEntry* next();

  /// Offsets reached, of all partitions together.
  std::uint64_t reached() const;

 private:
  struct Stream {
    std::unique_ptr<PartitionHistory> history;
    std::optional<HistoryEntry> head;
    std::int64_t time_us = 0;  // of the head
  };

  static void advance(Stream& stream);

  std::vector<Stream> streams_;
  std::optional<std::uint32_t> current_;
};

}  // namespace daybook::eventstore
