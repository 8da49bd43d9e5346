#include "eventstore/log_copy.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <unordered_map>
#include <utility>
#include <vector>

#include "eventstore/chain.h"
#include "eventstore/counted_reader.h"
#include "eventstore/log_damaged.h"
#include "eventstore/log_moved.h"
#include "eventstore/log_tenure.h"

namespace daybook::eventstore {
namespace {

constexpr std::uint64_t kToldEach = 256;  // records
// More than one record can have needed, so that the records take all keys along.
constexpr std::size_t kKeysAtOnce = 8192;

[[noreturn]] void refuse(std::uint64_t offset, std::string what) {
  throw LogDamaged({{}, std::nullopt, offset, std::move(what)});
}

// Hands out wrapped keys, some with each record.
class KeysToCarry {
 public:
  explicit KeysToCarry(std::vector<WrappedKey> keys) : keys_(std::move(keys)) {}
  std::vector<WrappedKey> next() {
    const auto first = keys_.end() - static_cast<std::ptrdiff_t>(std::min(keys_.size(), kKeysAtOnce));
    std::vector<WrappedKey> carried(std::make_move_iterator(first), std::make_move_iterator(keys_.end()));
    keys_.erase(first, keys_.end());
    return carried;
  }
  bool are_left() const { return !keys_.empty(); }

 private:
  std::vector<WrappedKey> keys_;
};

// The next record that belongs to a history, before the offset.
std::optional<Record> next_of_history(CountedReader& reader, std::uint64_t end) {
  while (auto record = reader.next()) {
    if (reader.offset() >= end) break;
    if (!std::holds_alternative<ClaimRecord>(*record)) return record;
  }
  return std::nullopt;
}

// The record as it stands, under another fence.
std::string under(const Fence& fence, Record record) {
  if (auto* commit = std::get_if<CommitRecord>(&record)) {
    commit->fence = fence;
    return write_record(*commit);
  }
  auto& part = std::get<PartRecord>(record);
  part.fence = fence;
  return write_record(part);
}

}  // namespace

LogCopy::LogCopy(Log& from, Log& to, Options options) : from_(from), to_(to), options_(std::move(options)) {}

CopyFigures LogCopy::run() {
  LogTenure source(from_, options_.partition);
  if (to_.end(options_.partition) != 0) {
    throw std::runtime_error(options_.destination + " holds records already; give the copy an empty log");
  }
  source.begin(options_.instance);
  copy(source.epoch());
  compare(source.epoch());
  source.append({write_record(MovedRecord{source.next_fence(), options_.time_us, options_.destination}), {}});
  try {
    source.confirm();
  } catch (const LogMoved&) {
    return figures_;
  }
  throw std::logic_error("the end of the source was read back as something else");
}

void LogCopy::copy(std::uint64_t end) {
  LogTenure destination(to_, options_.partition);
  destination.begin(options_.instance);
  KeysToCarry keys(from_.keys(options_.partition));
  CountedReader reader(from_, options_.partition);
  for (std::uint64_t copied = 0; auto record = next_of_history(reader, end); ++copied) {
    destination.append({under(destination.next_fence(), *record), keys.next()});
    if (copied % kToldEach == 0) options_.on_progress("copying the log", reader.offset(), end);
  }
  if (keys.are_left()) throw std::logic_error("there are wrapped keys that no record can have needed");
  destination.confirm();
}

// Record by record, the chain of each workspace, and key by key.
void LogCopy::compare(std::uint64_t end) {
  CountedReader source(from_, options_.partition);
  CountedReader copy(to_, options_.partition);
  std::unordered_map<model::WorkspaceId, ChainHead> heads;
  for (std::uint64_t compared = 0; auto wanted = next_of_history(source, end); ++compared) {
    const auto there = next_of_history(copy, to_.end(options_.partition));
    if (!there || under({}, *there) != under({}, *wanted)) refuse(copy.offset(), "the copy differs from its source");
    if (compared % kToldEach == 0) options_.on_progress("comparing the copy", source.offset(), end);
    const auto* commit = std::get_if<CommitRecord>(&*wanted);
    if (commit == nullptr) {
      ++figures_.parts;
      continue;
    }
    const auto header = read_header(commit->header);
    if (!header) refuse(source.offset(), header.error());
    ChainHead& head = heads[header->workspace];
    if (const auto fits = check(*header, head); !fits) refuse(source.offset(), fits.error().text());
    head = head_after(*header, commit->header, commit->sealed_body);
    ++figures_.commits;
  }
  if (next_of_history(copy, to_.end(options_.partition))) refuse(copy.offset(), "the copy goes on after its source");
  for (const WrappedKey& key : from_.keys(options_.partition)) {
    if (to_.find_key(key.name) != key.value) throw LogDamaged({{}, {}, {}, "a wrapped key is missing from the copy"});
    ++figures_.keys;
  }
  figures_.workspaces = heads.size();
}

}  // namespace daybook::eventstore
