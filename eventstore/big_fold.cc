#include "eventstore/big_fold.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace daybook::eventstore {
namespace {

constexpr std::chrono::milliseconds kNoWait{0};  // all of it is on stable storage already

BigPosition* find_place(PartitionPosition& position, const Commit& commit) {
  const auto place = std::find_if(position.big.begin(), position.big.end(), [&](const BigPosition& other) {
    return other.workspace == commit.workspace && other.command == commit.command;
  });
  return place == position.big.end() ? nullptr : &*place;
}

PartRecord part_in(const LogRecord& stored) { return std::get<PartRecord>(*read_record(stored.bytes)); }

}  // namespace

void note_part(PartitionPosition& position, const PartRecord& part, std::uint64_t offset) {
  if (part.index != 0) return;
  std::erase_if(position.big, [&](const BigPosition& place) { return place.workspace == part.workspace; });
  position.big.push_back({part.workspace, part.command, offset, {}, 0, 0});
}

void drop_unclosed(PartitionPosition& position) {
  std::erase_if(position.big, [](const BigPosition& place) { return !place.commit_offset; });
}

BigFold::BigFold(const Source& source, OpenedCommit opened, std::uint64_t epoch, const BigPosition& place)
    : source_(source),
      opened_(std::make_unique<OpenedCommit>(std::move(opened))),
      epoch_(epoch),
      reader_(source.log.read(source.partition, place.first_offset)) {}

std::expected<BigFold, HistoryDamage> BigFold::begin(const Source& source, OpenedCommit opened, const Closing& closing,
                                                     PartitionPosition& position) {
  BigPosition* place = find_place(position, opened.commit);
  BigFold fold(source, std::move(opened), closing.epoch, place == nullptr ? BigPosition{} : *place);
  if (place == nullptr) return std::unexpected(fold.damage("none of the commit's parts is there"));
  place->commit_offset = closing.offset;
  return fold;
}

std::expected<BigFold, HistoryDamage> BigFold::resume(const Source& source, const BigPosition& place) {
  const std::uint64_t offset = *place.commit_offset;
  const auto stored = source.log.read(source.partition, offset)->next(kNoWait);
  const auto record = stored ? read_record(stored->bytes) : std::unexpected(std::string("it is not there"));
  const auto* commit = record ? std::get_if<CommitRecord>(&*record) : nullptr;
  if (commit == nullptr) {
    throw std::runtime_error("record at offset " + std::to_string(offset) +
                             " is not the commit that the state has begun; delete state/ and start again");
  }
  auto opened = source.codec.open(commit->header, commit->sealed_body);
  if (!opened) return std::unexpected(std::move(opened.error()));
  const ChainHead after = head_after(*read_header(commit->header), commit->header, commit->sealed_body);
  BigFold fold(source, {std::move(*opened), after}, commit->fence.epoch, place);
  for (std::uint32_t index = 0; index < place.parts_folded; ++index) {
    fold.next_part(*fold.reader_, index, place.commit_offset);
  }
  return fold;
}

std::expected<CommitSlice, HistoryDamage> BigFold::next(PartitionPosition& position) {
  const Commit& commit = opened_->commit;
  BigPosition& place = *find_place(position, commit);
  if (!is_checked_) {
    if (auto fits = check_parts(place); !fits) return std::unexpected(std::move(fits.error()));
    is_checked_ = true;
  }
  const std::uint64_t first = commit.first_position + place.events_folded;
  if (place.parts_folded == commit.part_count) {
    position.big.erase(position.big.begin() + (&place - position.big.data()));
    return CommitSlice{*opened_, commit.events, first, true};
  }
  const auto stored = next_part(*reader_, place.parts_folded, place.commit_offset);
  if (!stored) return std::unexpected(damage("part " + std::to_string(place.parts_folded) + " is gone from the log"));
  auto events = source_.codec.open_part(part_in(*stored), commit.part_key, first);
  if (!events) return std::unexpected(std::move(events.error()));
  events_ = std::move(*events);
  ++place.parts_folded;
  place.events_folded += events_.size();
  return CommitSlice{*opened_, events_, first, false};
}

HistoryDamage BigFold::damage(std::string what) const {
  return {HistoryDamage::Reason::kDamaged, opened_->commit.workspace, opened_->commit.first_position, std::move(what)};
}

std::expected<void, HistoryDamage> BigFold::check_parts(const BigPosition& place) const {
  const Commit& commit = opened_->commit;
  const auto reader = source_.log.read(source_.partition, place.first_offset);
  std::vector<Hash> hashes;
  for (std::uint32_t index = 0; index < commit.part_count; ++index) {
    const auto stored = next_part(*reader, index, place.commit_offset);
    if (!stored) break;
    hashes.push_back(part_hash(part_in(*stored)));
  }
  if (hashes.size() == commit.part_count && parts_hash(hashes) == commit.parts_hash) return {};
  return std::unexpected(damage("the parts of the commit are not those that it names"));
}

std::optional<LogRecord> BigFold::next_part(LogReader& reader, std::uint32_t index,
                                            const std::optional<std::uint64_t>& end) const {
  const Commit& commit = opened_->commit;
  while (auto stored = reader.next(kNoWait)) {
    if (end && stored->offset >= *end) break;
    const auto record = read_record(stored->bytes);
    const auto* part = record ? std::get_if<PartRecord>(&*record) : nullptr;
    if (part != nullptr && part->workspace == commit.workspace && part->command == commit.command &&
        part->fence.epoch == epoch_ && part->index == index) {
      return stored;
    }
  }
  return std::nullopt;
}

}  // namespace daybook::eventstore
