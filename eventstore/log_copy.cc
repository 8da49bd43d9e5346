#include "eventstore/log_copy.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "eventstore/chain.h"
#include "eventstore/keyring.h"
#include "eventstore/log_damaged.h"
#include "eventstore/log_moved.h"
#include "eventstore/merged_history.h"
#include "eventstore/writers.h"

namespace daybook::eventstore {
namespace {

constexpr std::uint64_t kToldEach = 256;  // records
// More than one record can have needed, so that the records take nearly all keys along.
constexpr std::size_t kKeysAtOnce = 8192;
constexpr std::uint64_t kToTheEnd = std::numeric_limits<std::uint64_t>::max();

[[noreturn]] void refuse(std::uint32_t partition, std::uint64_t offset, const std::string& what) {
  throw LogDamaged({{}, std::nullopt, offset, "partition " + std::to_string(partition) + ": " + what});
}

// One partition of the copy while it is written. Its records take the wrapped keys along.
class CopiedPartition {
 public:
  CopiedPartition(Log& log, std::uint32_t partition, const model::Uuid& instance, std::vector<WrappedKey> keys)
      : tenure_(log, partition), instance_(instance), keys_(std::move(keys)) {
    tenure_.begin(instance_);
  }

  // The record as it stands, under a fence of its own here.
  void append(Record record);
  // Keys of records that never counted may be more than those that did can take along.
  void finish() {
    tenure_.confirm();
    while (!keys_.empty()) tenure_.begin(instance_, next_keys());
  }

 private:
  std::vector<WrappedKey> next_keys() {
    const auto first = keys_.end() - static_cast<std::ptrdiff_t>(std::min(keys_.size(), kKeysAtOnce));
    std::vector<WrappedKey> carried(std::make_move_iterator(first), std::make_move_iterator(keys_.end()));
    keys_.erase(first, keys_.end());
    return carried;
  }

  LogTenure tenure_;
  const model::Uuid instance_;
  std::vector<WrappedKey> keys_;
};

std::string under(const Fence& fence, Record record) {
  if (auto* commit = std::get_if<CommitRecord>(&record)) {
    commit->fence = fence;
    return write_record(*commit);
  }
  auto& part = std::get<PartRecord>(record);
  part.fence = fence;
  return write_record(part);
}

void CopiedPartition::append(Record record) {
  tenure_.append({under(tenure_.next_fence(), std::move(record)), next_keys()});
}

std::uint64_t sum_of(const std::vector<std::uint64_t>& offsets) {
  return std::accumulate(offsets.begin(), offsets.end(), std::uint64_t{0});
}

}  // namespace

LogCopy::LogCopy(Log& from, Log& to, Options options) : from_(from), to_(to), options_(std::move(options)) {}

CopyFigures LogCopy::run() {
  open_source();
  require_empty_destination();
  for (auto tenure = source_.rbegin(); tenure != source_.rend(); ++tenure) (*tenure)->begin(options_.instance);
  for (const auto& tenure : source_) ends_.push_back(tenure->epoch());
  copy();
  compare();
  compare_keys();
  end_source();
  return figures_;
}

void LogCopy::open_source() {
  source_.resize(from_.partition_count());
  for (std::uint32_t partition = from_.partition_count(); partition-- > 0;) {
    try {
      source_[partition] = std::make_unique<LogTenure>(from_, partition);
    } catch (const LogMoved& moved) {
      const bool is_the_last = partition + 1 == from_.partition_count();
      if (is_the_last && moved.destination() == options_.destination) end_rest();
      throw;
    }
  }
}

void LogCopy::require_empty_destination() const {
  for (std::uint32_t partition = 0; partition < to_.partition_count(); ++partition) {
    if (to_.end(partition) == 0) continue;
    throw std::runtime_error(options_.destination + " holds records already; give the copy an empty log");
  }
}

void LogCopy::copy() {
  auto keys = keys_by_destination();
  std::deque<CopiedPartition> partitions;
  for (std::uint32_t partition = 0; partition < to_.partition_count(); ++partition) {
    partitions.emplace_back(to_, partition, options_.instance, std::move(keys[partition]));
  }
  MergedHistory history(from_, ends_);
  for (std::uint64_t copied = 0; const auto* entry = history.next(); ++copied) {
    partitions[partition_of(entry->workspace, to_.partition_count())].append(entry->record);
    if (copied % kToldEach == 0) options_.on_progress("copying the log", history.reached(), sum_of(ends_));
  }
  for (CopiedPartition& partition : partitions) partition.finish();
}

// Record by record, and the chain of each workspace.
void LogCopy::compare() {
  MergedHistory source(from_, ends_);
  std::vector<PartitionHistory> copies;
  for (std::uint32_t partition = 0; partition < to_.partition_count(); ++partition) {
    copies.emplace_back(to_, partition, kToTheEnd);
  }
  std::unordered_map<model::WorkspaceId, ChainHead> heads;
  for (std::uint64_t compared = 0; const auto* wanted = source.next(); ++compared) {
    const std::uint32_t partition = partition_of(wanted->workspace, to_.partition_count());
    const auto there = copies[partition].next();
    if (!there || under({}, *there) != under({}, wanted->record)) {
      refuse(partition, copies[partition].offset(), "the copy differs from its source");
    }
    if (compared % kToldEach == 0) options_.on_progress("comparing the copy", source.reached(), sum_of(ends_));
    if (!wanted->header) {
      ++figures_.parts;
      continue;
    }
    const auto& commit = std::get<CommitRecord>(wanted->record);
    ChainHead& head = heads[wanted->workspace];
    if (const auto fits = check(*wanted->header, head); !fits) {
      refuse(source.partition(), source.offset(), fits.error().text());
    }
    head = head_after(*wanted->header, commit.header, commit.sealed_body);
    ++figures_.commits;
  }
  for (std::uint32_t partition = 0; partition < copies.size(); ++partition) {
    if (copies[partition].next()) refuse(partition, copies[partition].offset(), "the copy goes on after its source");
  }
  figures_.workspaces = heads.size();
}

void LogCopy::compare_keys() {
  const auto keys = keys_by_destination();
  for (std::uint32_t partition = 0; partition < to_.partition_count(); ++partition) {
    std::unordered_map<std::string, std::string> there;
    for (WrappedKey& key : to_.keys(partition)) there.emplace(std::move(key.name), std::move(key.value));
    for (const WrappedKey& key : keys[partition]) {
      const auto found = there.find(key.name);
      if (found == there.end() || found->second != key.value) {
        throw LogDamaged({{}, {}, {}, "a wrapped key is missing from the copy"});
      }
      ++figures_.keys;
    }
  }
}

// All wrapped keys, by the partition of the copy whose records may need them.
std::vector<std::vector<WrappedKey>> LogCopy::keys_by_destination() const {
  std::vector<std::vector<WrappedKey>> keys(to_.partition_count());
  for (std::uint32_t partition = 0; partition < from_.partition_count(); ++partition) {
    for (WrappedKey& key : from_.keys(partition)) {
      const auto name = read_key_row_name(key.name);
      if (!name) throw LogDamaged({{}, {}, {}, "a wrapped key has a name that is none"});
      keys[partition_of(name->workspace, to_.partition_count())].push_back(std::move(key));
    }
  }
  return keys;
}

void LogCopy::end_source() {
  for (auto tenure = source_.rbegin(); tenure != source_.rend(); ++tenure) end(**tenure);
}

// Nothing counts on its partition after this.
void LogCopy::end(LogTenure& tenure) const {
  tenure.append({write_record(MovedRecord{tenure.next_fence(), options_.time_us, options_.destination}), {}});
  try {
    tenure.confirm();
  } catch (const LogMoved&) {
    return;
  }
  throw std::logic_error("the end of the source was read back as something else");
}

// Of a source that a run before this one has copied, compared, and begun to end.
void LogCopy::end_rest() const {
  for (std::uint32_t partition = from_.partition_count() - 1; partition-- > 0;) {
    try {
      LogTenure tenure(from_, partition);
      tenure.begin(options_.instance);
      end(tenure);
    } catch (const LogMoved&) {
      continue;
    }
  }
}

}  // namespace daybook::eventstore
