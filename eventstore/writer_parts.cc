#include <algorithm>
#include <stdexcept>
#include <utility>

#include "eventstore/writer.h"

namespace daybook::eventstore {
namespace {

constexpr std::chrono::milliseconds kNoWait{0};  // all of it is on stable storage already

// The next record of the command's parts. Records of other commands stand between them.
std::optional<LogRecord> next_part_record(LogReader& reader, const BigPosition& place, std::uint64_t epoch,
                                          std::uint32_t index) {
  while (auto stored = reader.next(kNoWait)) {
    if (place.commit_offset && stored->offset >= *place.commit_offset) break;
    const auto record = read_record(stored->bytes);
    const auto* part = record ? std::get_if<PartRecord>(&*record) : nullptr;
    if (part != nullptr && part->workspace == place.workspace && part->command == place.command &&
        part->fence.epoch == epoch && part->index == index) {
      return stored;
    }
  }
  return std::nullopt;
}

PartRecord part_in(const LogRecord& stored) { return std::get<PartRecord>(*read_record(stored.bytes)); }

}  // namespace

// An effective part: nothing but the place where its command begins is kept, for its key comes with the commit.
void Writer::note_part(const PartRecord& part, std::uint64_t offset) {
  if (part.index == 0) {
    std::erase_if(position_.big, [&](const BigPosition& place) { return place.workspace == part.workspace; });
    position_.big.push_back({part.workspace, part.command, offset, {}, 0, 0});
  }
  if (part.fence.epoch != epoch_) return;
  std::vector<std::string> names;
  {
    const std::lock_guard lock(mutex_);
    while (!part_keys_.empty() && part_keys_.front().first <= part.fence.sequence) {
      for (std::string& name : part_keys_.front().second) names.push_back(std::move(name));
      part_keys_.pop_front();
    }
  }
  keyring_.settle(names);
}

// The commit that closes a big command: its parts are looked at once more, and then folded by fold_slice.
bool Writer::begin_fold(OpenedCommit opened, std::optional<Pending> pending, std::uint64_t offset) {
  const Commit& commit = opened.commit;
  const auto place = std::find_if(position_.big.begin(), position_.big.end(), [&](const BigPosition& other) {
    return other.workspace == commit.workspace && other.command == commit.command;
  });
  if (place != position_.big.end()) place->commit_offset = offset;
  if (place == position_.big.end() || !parts_fit(commit, *place)) {
    stop_workspace({HistoryDamage::Reason::kDamaged, commit.workspace, commit.first_position,
                    "the parts of the commit are not those that it names"},
                   commit.workspace);
    if (pending) refuse_own(*pending);
    return false;
  }
  auto reader = log_.read(options_.partition, place->first_offset);
  folds_.push_back({std::move(opened), std::move(reader), std::move(pending)});
  return true;
}

bool Writer::parts_fit(const Commit& commit, const BigPosition& place) {
  const auto reader = log_.read(options_.partition, place.first_offset);
  std::vector<Hash> hashes;
  for (std::uint32_t index = 0; index < commit.part_count; ++index) {
    const auto stored = next_part_record(*reader, place, *fence_.position().epoch, index);
    if (!stored) return false;
    hashes.push_back(part_hash(part_in(*stored)));
  }
  return parts_hash(hashes) == commit.parts_hash;
}

// After a start: big commits that were met and not folded to their end. Nobody is served before they are.
void Writer::resume_folds() {
  for (const BigPosition& place : position_.big) {
    if (!place.commit_offset) continue;
    const auto stored = log_.read(options_.partition, *place.commit_offset)->next(kNoWait);
    const auto record = stored ? read_record(stored->bytes) : std::unexpected(std::string("it is not there"));
    const auto* commit = record ? std::get_if<CommitRecord>(&*record) : nullptr;
    if (commit == nullptr) {
      throw std::runtime_error("record at offset " + std::to_string(*place.commit_offset) +
                               " is not the commit that the state has begun; delete state/ and start again");
    }
    auto opened = codec_.open(commit->header, commit->sealed_body);
    if (!opened) {
      stop_workspace(opened.error(), place.workspace);
      continue;
    }
    const ChainHead after = head_after(*read_header(commit->header), commit->header, commit->sealed_body);
    auto reader = log_.read(options_.partition, place.first_offset);
    for (std::uint32_t index = 0; index < place.parts_folded; ++index) {
      next_part_record(*reader, place, commit->fence.epoch, index);
    }
    folds_.push_back({{std::move(*opened), after}, std::move(reader), {}});
  }
}

// What this process wrote and cannot read back is no damage of old: nothing more is to be written on top of it.
void Writer::refuse_own(Pending& pending) {
  fail("a commit with parts does not read back as it was written");
  pending.answer();
}

std::optional<std::vector<domain::Event>> Writer::next_part(BigFold& fold, const BigPosition& place) {
  const Commit& commit = fold.opened.commit;
  const auto stored = next_part_record(*fold.reader, place, *fence_.position().epoch, place.parts_folded);
  if (!stored) throw std::runtime_error("a part of a commit is gone from the log; see `daybook verify`");
  auto events = codec_.open_part(part_in(*stored), commit.part_key, commit.first_position + place.events_folded);
  if (events) return std::move(*events);
  stop_workspace(events.error(), commit.workspace);
  return std::nullopt;
}

// Folds the next slice of the oldest big commit; false when there is none.
bool Writer::fold_slice() {
  if (folds_.empty()) return false;
  BigFold& fold = folds_.front();
  const Commit& commit = fold.opened.commit;
  const auto place = std::find_if(position_.big.begin(), position_.big.end(),
                                  [&](const BigPosition& other) { return other.command == commit.command; });
  const std::uint64_t first = commit.first_position + place->events_folded;
  if (place->parts_folded < commit.part_count) {
    const auto events = next_part(fold, *place);
    if (!events) {
      if (fold.pending) refuse_own(*fold.pending);
      folds_.pop_front();
      return true;
    }
    ++place->parts_folded;
    place->events_folded += events->size();
    projection_.apply_slice(options_.partition, {fold.opened, *events, first, false}, position_);
    return true;
  }
  position_.big.erase(place);
  projection_.apply_slice(options_.partition, {fold.opened, commit.events, first, true}, position_);
  if (fold.pending) answer_applied(*fold.pending);
  folds_.pop_front();
  changed_.notify_all();
  return true;
}

}  // namespace daybook::eventstore
