#include "eventstore/log_copy.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "eventstore/history_digest.h"
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

// One partition of the copy while it is written. Its records take the wrapped keys along.
class CopiedPartition {
 public:
  CopiedPartition(Log& log, std::uint32_t partition, const model::Uuid& instance, std::vector<WrappedKey> keys)
      : tenure_(log, partition), instance_(instance), keys_(std::move(keys)) {
    tenure_.begin(instance_);
  }

  void append(const Record& record) { tenure_.append({under(tenure_.next_fence(), record), next_keys()}); }
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

std::uint64_t sum_of(const std::vector<std::uint64_t>& offsets) {
  return std::accumulate(offsets.begin(), offsets.end(), std::uint64_t{0});
}

// It reads as moved from then on, which is how it is read back.
void confirm_end(LogTenure& tenure) {
  try {
    tenure.confirm();
  } catch (const LogMoved&) {
    return;
  }
  throw std::logic_error("the end of the source was read back as something else");
}

}  // namespace

LogCopy::LogCopy(Log& from, Log& to, Options options) : from_(from), to_(to), options_(std::move(options)) {}

CopyFigures LogCopy::run() {
  const bool is_begun = open_source();
  const bool is_copied = !is_destination_empty();
  if (is_copied && !is_begun) {
    throw std::runtime_error(options_.destination + " holds records already; give the copy an empty log");
  }
  for (std::uint32_t partition = 0; partition < source_.size(); ++partition) {
    if (source_[partition]) source_[partition]->begin(options_.instance);
    ends_.push_back(source_[partition] ? source_[partition]->epoch() : from_.end(partition));
  }
  if (!is_copied) copy();
  if (!has_equal_histories() || !has_all_keys()) {
    if (!is_copied) throw LogDamaged({{}, {}, {}, "the copy differs from its source"});
    throw std::runtime_error(options_.destination +
                             " is no copy of all that the log holds; remove it, and start the same copy again");
  }
  end_source();
  return figures_;
}

// Whether a run to the same destination has begun to end it.
bool LogCopy::open_source() {
  std::optional<LogMoved> ended;
  for (std::uint32_t partition = 0; partition < from_.partition_count(); ++partition) {
    source_.emplace_back();
    try {
      source_.back() = std::make_unique<LogTenure>(from_, partition);
    } catch (const LogMoved& moved) {
      if (moved.destination() != options_.destination) throw;
      ended = moved;
    }
  }
  const auto has_ended = [](const auto& tenure) { return tenure == nullptr; };
  if (ended && std::ranges::all_of(source_, has_ended)) throw LogMoved(*ended);
  return ended.has_value();
}

bool LogCopy::is_destination_empty() const {
  for (std::uint32_t partition = 0; partition < to_.partition_count(); ++partition) {
    if (to_.end(partition) != 0) return false;
  }
  return true;
}

void LogCopy::copy() {
  auto keys = keys_by_destination();
  std::deque<CopiedPartition> partitions;
  for (std::uint32_t partition = 0; partition < to_.partition_count(); ++partition) {
    partitions.emplace_back(to_, partition, options_.instance, std::move(keys[partition]));
  }
  MergedHistory history(from_, ends_);
  for (std::uint64_t copied = 0; const HistoryEntry* entry = history.next(); ++copied) {
    partitions[partition_of(entry->workspace, to_.partition_count())].append(entry->record);
    if (copied % kToldEach == 0) options_.on_progress("copying the log", history.reached(), sum_of(ends_));
  }
  for (CopiedPartition& partition : partitions) partition.finish();
}

// Each record, the chain of each workspace, and that it is on its partition.
bool LogCopy::has_equal_histories() {
  std::vector<std::uint64_t> ends = ends_;
  for (std::uint32_t partition = 0; partition < to_.partition_count(); ++partition) ends.push_back(to_.end(partition));
  std::uint64_t before = 0;  // offsets of the partitions read already
  const auto tell = [&, told = std::uint64_t{0}](std::uint64_t offset) mutable {
    if (told++ % kToldEach == 0) options_.on_progress("comparing the copy", before + offset, sum_of(ends));
  };
  std::unordered_map<model::WorkspaceId, HistoryDigest> missing;
  for (std::uint32_t partition = 0; partition < from_.partition_count(); ++partition) {
    for (const auto& [workspace, digest] : digest_histories(from_, partition, ends_[partition], tell)) {
      if (!missing.emplace(workspace, digest).second) {
        throw LogDamaged({{}, {}, {}, "workspace " + workspace.value.text() + " is on two partitions"});
      }
    }
    before += ends_[partition];
  }
  figures_ = {};
  for (std::uint32_t partition = 0; partition < to_.partition_count(); ++partition) {
    for (const auto& [workspace, digest] : digest_histories(to_, partition, kToTheEnd, tell)) {
      const auto wanted = missing.find(workspace);
      if (wanted == missing.end() || wanted->second != digest) return false;
      if (partition_of(workspace, to_.partition_count()) != partition) return false;
      missing.erase(wanted);
      figures_.commits += digest.commits;
      figures_.parts += digest.parts;
      figures_.workspaces += digest.commits == 0 ? 0 : 1;
    }
    before += to_.end(partition);
  }
  return missing.empty();
}

bool LogCopy::has_all_keys() {
  const auto keys = keys_by_destination();
  for (std::uint32_t partition = 0; partition < to_.partition_count(); ++partition) {
    std::unordered_map<std::string, std::string> there;
    for (WrappedKey& key : to_.keys(partition)) there.emplace(std::move(key.name), std::move(key.value));
    for (const WrappedKey& key : keys[partition]) {
      const auto found = there.find(key.name);
      if (found == there.end() || found->second != key.value) return false;
      ++figures_.keys;
    }
  }
  return true;
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

// All at once, so that hardly anything can come in between; and not at all where somebody took a partition before.
void LogCopy::end_source() {
  for (const auto& tenure : source_) {
    if (tenure) tenure->require_ours();
  }
  for (const auto& tenure : source_) {
    if (!tenure) continue;
    tenure->append({write_record(MovedRecord{tenure->next_fence(), options_.time_us, options_.destination}), {}});
  }
  for (const auto& tenure : source_) {
    if (tenure) confirm_end(*tenure);
  }
}

}  // namespace daybook::eventstore
