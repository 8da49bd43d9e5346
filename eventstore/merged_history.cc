#include "eventstore/merged_history.h"

#include "eventstore/log_damaged.h"

namespace daybook::eventstore {

std::optional<Record> PartitionHistory::next() {
  while (auto record = reader_.next()) {
    if (reader_.offset() >= end_) break;
    if (!std::holds_alternative<ClaimRecord>(*record)) return record;
  }
  return std::nullopt;
}

MergedHistory::MergedHistory(Log& log, const std::vector<std::uint64_t>& ends) {
  for (std::uint32_t partition = 0; partition < ends.size(); ++partition) {
    streams_.push_back({std::make_unique<PartitionHistory>(log, partition, ends[partition]), {}, 0});
    advance(streams_.back());
  }
}

// The entry that was returned is held until now, since its views are those of the reader.
const MergedHistory::Entry* MergedHistory::next() {
  if (current_) advance(streams_[*current_]);
  current_.reset();
  for (std::uint32_t partition = 0; partition < streams_.size(); ++partition) {
    const Stream& stream = streams_[partition];
    if (stream.head && (!current_ || stream.time_us < streams_[*current_].time_us)) current_ = partition;
  }
  return current_ ? &*streams_[*current_].head : nullptr;
}

void MergedHistory::advance(Stream& stream) {
  stream.head.reset();
  const auto record = stream.history->next();
  if (!record) return;
  const auto* commit = std::get_if<CommitRecord>(&*record);
  if (commit == nullptr) {
    stream.head = Entry{*record, std::get<PartRecord>(*record).workspace, {}};
    return;
  }
  const auto header = read_header(commit->header);
  if (!header) throw LogDamaged({{}, std::nullopt, stream.history->offset(), header.error()});
  stream.head = Entry{*record, header->workspace, *header};
  stream.time_us = header->time_us;
}

std::uint64_t MergedHistory::reached() const {
  std::uint64_t offsets = 0;
  for (const Stream& stream : streams_) offsets += stream.history->offset();
  return offsets;
}

}  // namespace daybook::eventstore
