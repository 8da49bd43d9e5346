#include "eventstore/merged_history.h"

#include "eventstore/log_damaged.h"
#include "eventstore/log_moved.h"

namespace daybook::eventstore {

std::string under(const Fence& fence, Record record) {
  if (auto* commit = std::get_if<CommitRecord>(&record)) {
    commit->fence = fence;
    return write_record(*commit);
  }
  auto& part = std::get<PartRecord>(record);
  part.fence = fence;
  return write_record(part);
}

std::optional<HistoryEntry> PartitionHistory::next() {
  const auto record = next_record();
  if (!record) return std::nullopt;
  const auto* commit = std::get_if<CommitRecord>(&*record);
  if (commit == nullptr) return HistoryEntry{*record, std::get<PartRecord>(*record).workspace, {}};
  const auto header = read_header(commit->header);
  if (!header) throw LogDamaged({{}, std::nullopt, offset(), header.error()});
  return HistoryEntry{*record, header->workspace, *header};
}

std::optional<Record> PartitionHistory::next_record() try {
  while (auto record = reader_.next()) {
    if (reader_.offset() >= end_) break;
    if (!std::holds_alternative<ClaimRecord>(*record)) return record;
  }
  return std::nullopt;
} catch (const LogMoved&) {
  return std::nullopt;
}

MergedHistory::MergedHistory(Log& log, const std::vector<std::uint64_t>& ends) {
  for (std::uint32_t partition = 0; partition < ends.size(); ++partition) {
    streams_.push_back({std::make_unique<PartitionHistory>(log, partition, ends[partition]), {}, 0});
    advance(streams_.back());
  }
}

// The entry that was returned is held until now, since its views are those of the reader.
const HistoryEntry* MergedHistory::next() {
  if (current_) advance(streams_[*current_]);
  current_.reset();
  for (std::uint32_t partition = 0; partition < streams_.size(); ++partition) {
    const Stream& stream = streams_[partition];
    if (stream.head && (!current_ || stream.time_us < streams_[*current_].time_us)) current_ = partition;
  }
  return current_ ? &*streams_[*current_].head : nullptr;
}

void MergedHistory::advance(Stream& stream) {
  stream.head = stream.history->next();
  if (stream.head && stream.head->header) stream.time_us = stream.head->header->time_us;
}

std::uint64_t MergedHistory::reached() const {
  std::uint64_t offsets = 0;
  for (const Stream& stream : streams_) offsets += stream.history->offset();
  return offsets;
}

}  // namespace daybook::eventstore
