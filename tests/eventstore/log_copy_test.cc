#include "eventstore/log_copy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "eventstore/log_moved.h"
#include "eventstore/merged_history.h"
#include "tests/eventstore/written_log.h"

namespace daybook::eventstore {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

constexpr const char* kThere = "the other log";
const model::WorkspaceId kSystem{};
const model::WorkspaceId kFirst{uuid(1)};   // on partition 0 of three, and 1 of two
const model::WorkspaceId kSecond{uuid(2)};  // on partition 1, and 0
const model::WorkspaceId kThird{uuid(3)};   // on partition 2, and 1
const model::WorkspaceId kFourth{uuid(4)};  // on partition 0, and 0

CopyFigures copy(
    MemoryLog& from, MemoryLog& to, const std::string& destination = kThere, std::function<void()> meanwhile = [] {}) {
  LogCopy::Options options;
  options.instance = uuid(201);
  options.destination = destination;
  options.time_us = 1'767'225'600'000'000;
  options.on_progress = [&](const char*, std::uint64_t, std::uint64_t) { meanwhile(); };
  return LogCopy(from, to, std::move(options)).run();
}

// Nine commits, two of them with two parts between which others stand, and a part that is never closed.
void fill(WrittenLog& source) {
  source.commit(kSystem);
  source.commit(kFirst);
  source.commit(kSecond);
  source.big(kFirst, [&] {
    source.commit(kSystem);
    source.big(kThird, [&] { source.commit(kFourth); });
  });
  source.commit(kSecond);
  source.lost_part(kFourth);
  source.commit(kThird);
  source.confirm();
}

std::vector<std::string> records_of(MemoryLog& log, std::uint32_t partition) {
  std::vector<std::string> records;
  const auto reader = log.read(partition, 0);
  while (const auto record = reader->next({})) records.push_back(record->bytes);
  return records;
}

std::vector<model::WorkspaceId> workspaces_on(MemoryLog& log, std::uint32_t partition) {
  std::vector<model::WorkspaceId> found;
  PartitionHistory history(log, partition, log.end(partition));
  while (const auto entry = history.next()) found.push_back(entry->workspace);
  std::ranges::sort(found);
  found.erase(std::ranges::unique(found).begin(), found.end());
  return found;
}

std::vector<std::int64_t> times_on(MemoryLog& log, std::uint32_t partition) {
  std::vector<std::int64_t> times;
  PartitionHistory history(log, partition, log.end(partition));
  while (const auto entry = history.next()) {
    if (entry->header) times.push_back(entry->header->time_us);
  }
  return times;
}

bool is_ended(MemoryLog& log, std::uint32_t partition) {
  try {
    LogTenure tenure(log, partition);
    return false;
  } catch (const LogMoved& moved) {
    return moved.destination() == kThere;
  }
}

std::vector<bool> ended(MemoryLog& log) {
  std::vector<bool> all;
  for (std::uint32_t partition = 0; partition < log.partition_count(); ++partition) {
    all.push_back(is_ended(log, partition));
  }
  return all;
}

// A server takes the log.
void take(MemoryLog& log) {
  for (std::uint32_t partition = 0; partition < log.partition_count(); ++partition) {
    LogTenure(log, partition).begin(uuid(202));
  }
}

class LogCopyBetween : public testing::TestWithParam<std::pair<std::uint32_t, std::uint32_t>> {};
INSTANTIATE_TEST_SUITE_P(Partitions, LogCopyBetween,
                         testing::Values(std::pair(1, 3), std::pair(3, 1), std::pair(3, 2), std::pair(2, 3),
                                         std::pair(3, 3)),
                         [](const auto& of) {
                           return std::to_string(of.param.first) + "To" + std::to_string(of.param.second);
                         });

TEST_P(LogCopyBetween, HoldsTheSameHistoriesAndKeys) {
  WrittenLog source(GetParam().first);
  fill(source);
  const Histories before = histories_of(source.log);
  MemoryLog there(GetParam().second);
  const CopyFigures figures = copy(source.log, there);
  EXPECT_EQ(figures.commits, 9U);
  EXPECT_EQ(figures.parts, 5U);
  EXPECT_EQ(figures.workspaces, 5U);
  EXPECT_EQ(figures.keys, 10U) << "of each workspace, and of one subject there";
  const Histories after = histories_of(there);
  EXPECT_THAT(after.findings, IsEmpty());
  EXPECT_EQ(after.slices, 6U);
  EXPECT_TRUE(after.commits == before.commits);
}

TEST_P(LogCopyBetween, EndsEachPartitionOfTheSource) {
  WrittenLog source(GetParam().first);
  fill(source);
  MemoryLog there(GetParam().second);
  copy(source.log, there);
  EXPECT_THAT(ended(source.log), Each(true));
  EXPECT_THROW(copy(source.log, there), LogMoved);
}

TEST_P(LogCopyBetween, BeginsEachPartitionWithAClaimAndKeepsTimesInOrder) {
  WrittenLog source(GetParam().first);
  fill(source);
  MemoryLog there(GetParam().second);
  copy(source.log, there);
  for (std::uint32_t partition = 0; partition < there.partition_count(); ++partition) {
    const auto records = records_of(there, partition);
    ASSERT_FALSE(records.empty());
    EXPECT_TRUE(std::holds_alternative<ClaimRecord>(*read_record(records.front())));
    EXPECT_TRUE(std::ranges::is_sorted(times_on(there, partition)));
  }
}

TEST(LogCopyToPartitions, PutsEachWorkspaceAndItsKeysWhereItsWriterIs) {
  WrittenLog source(1);
  fill(source);
  MemoryLog there(3);
  copy(source.log, there);
  EXPECT_THAT(workspaces_on(there, 0), ElementsAre(kSystem, kFirst, kFourth));
  EXPECT_THAT(workspaces_on(there, 1), ElementsAre(kSecond));
  EXPECT_THAT(workspaces_on(there, 2), ElementsAre(kThird));
  EXPECT_EQ(there.keys(0).size(), 6U);
  EXPECT_EQ(there.keys(1).size(), 2U);
  EXPECT_EQ(there.keys(2).size(), 2U);
}

TEST(LogCopyToPartitions, ClaimsAlsoThoseThatNoWorkspaceIsOn) {
  WrittenLog source(1);
  source.commit(kSystem);
  source.confirm();
  MemoryLog there(3);
  copy(source.log, there);
  EXPECT_EQ(there.end(1), 1U);
  EXPECT_EQ(there.end(2), 1U);
}

TEST(LogCopyToPartitions, BringsKeysThatNoRecordTakesAlong) {
  WrittenLog source(3);
  source.commit(kSystem);
  source.confirm();
  const WrappedKey lost{key_row_name(kSecond, {}), "sealed"};
  LogTenure writer(source.log, 1);
  writer.begin(uuid(202), {lost});
  MemoryLog there(2);
  copy(source.log, there);
  EXPECT_EQ(there.find_key(lost.name), lost.value);
}

TEST(LogCopyOfPartitions, MergesThemByTimeAndAlwaysInTheSameWay) {
  WrittenLog source(3);
  fill(source);
  MemoryLog twin(3);
  for (std::uint32_t partition = 0; partition < 3; ++partition) {
    for (const std::string& record : records_of(source.log, partition)) twin.insert(partition, record);
  }
  MemoryLog there;
  MemoryLog other;
  copy(source.log, there);
  copy(twin, other);
  EXPECT_TRUE(records_of(there, 0) == records_of(other, 0));
  EXPECT_EQ(times_on(there, 0).size(), 9U);
}

TEST(LogCopyOfPartitions, EndsNothingWhereTheCopyCannotBeWritten) {
  WrittenLog source(3);
  fill(source);
  MemoryLog there(2);
  EXPECT_THROW(copy(source.log, there, kThere, [&] { there.inject(1, Fault::kErrorNotWritten); }), std::runtime_error);
  EXPECT_THAT(ended(source.log), Each(false));
}

TEST(LogCopyOfPartitions, EndsNothingWhereAServerTakesOneOfTheSourceMeanwhile) {
  WrittenLog source(3);
  fill(source);
  MemoryLog there;
  EXPECT_THAT([&] { copy(source.log, there, kThere, [&] { LogTenure(source.log, 2).begin(uuid(202)); }); },
              ThrowsMessage<std::runtime_error>(HasSubstr("another process has claimed the log")));
  EXPECT_THAT(ended(source.log), Each(false));
}

TEST(LogCopyOfPartitions, RefusesADestinationWithRecordsOnAnyPartition) {
  WrittenLog source(3);
  fill(source);
  MemoryLog there(2);
  LogTenure(there, 1).begin(uuid(202));
  EXPECT_THAT([&] { copy(source.log, there); },
              ThrowsMessage<std::runtime_error>(HasSubstr("the other log holds records already")));
  EXPECT_THAT(ended(source.log), Each(false));
}

TEST(LogCopyOfPartitions, EndsNothingWhereAHistoryDoesNotFitTogether) {
  WrittenLog source(3);
  fill(source);
  WrittenLog forked(3);
  forked.commit(kThird);
  forked.confirm();
  const std::string record = records_of(forked.log, 2).at(1);
  auto foreign = std::get<CommitRecord>(*read_record(record));
  LogTenure writer(source.log, 2);
  writer.begin(uuid(202));
  foreign.fence = writer.next_fence();
  source.log.insert(2, write_record(foreign));
  MemoryLog there;
  EXPECT_THAT(
      [&] { copy(source.log, there); },
      ThrowsMessage<LogDamaged>(AllOf(HasSubstr("partition 2: workspace"), HasSubstr("should begin at position"))));
  EXPECT_THAT(ended(source.log), Each(false));
}

// One partition of three could not be told that it ends.
class LogCopyInterrupted : public testing::Test {
 protected:
  LogCopyInterrupted() {
    fill(source_);
    EXPECT_THROW(copy(source_.log, there_, kThere,
                      [&] {
                        if (!std::exchange(is_broken_, true)) source_.log.inject(1, Fault::kErrorNotWritten);
                      }),
                 std::runtime_error);
    EXPECT_THAT(ended(source_.log), ElementsAre(true, false, true));
    source_.log.reopen_session(1);
  }

  bool is_broken_ = false;
  WrittenLog source_{3};
  MemoryLog there_{2};
};

TEST_F(LogCopyInterrupted, LeavesNothingToServe) { EXPECT_THROW(take(source_.log), LogMoved); }

TEST_F(LogCopyInterrupted, IsFinishedByTheSameCopy) {
  const CopyFigures figures = copy(source_.log, there_);
  EXPECT_EQ(figures.commits, 9U);
  EXPECT_EQ(figures.keys, 10U);
  EXPECT_THAT(ended(source_.log), Each(true));
  EXPECT_EQ(histories_of(there_).slices, 6U);
}

TEST_F(LogCopyInterrupted, IsMadeAnewWhereTheCopyWasRemoved) {
  MemoryLog anew(1);
  copy(source_.log, anew);
  EXPECT_THAT(ended(source_.log), Each(true));
  EXPECT_TRUE(histories_of(anew).commits == histories_of(source_.log).commits);
}

TEST_F(LogCopyInterrupted, EndsNothingMoreWhereSomethingWasWrittenMeanwhile) {
  WrittenLog other(3);
  other.commit({uuid(5)});
  other.confirm();
  const std::string record = records_of(other.log, 1).at(1);
  LogTenure writer(source_.log, 1);
  writer.begin(uuid(202));
  writer.append({under(writer.next_fence(), *read_record(record)), {}});
  writer.confirm();
  EXPECT_THAT([&] { copy(source_.log, there_); },
              ThrowsMessage<std::runtime_error>(HasSubstr("the other log is no copy of all that the log holds")));
  EXPECT_THAT(ended(source_.log), ElementsAre(true, false, true));
}

TEST_F(LogCopyInterrupted, IsNotFinishedByACopyToSomewhereElse) {
  MemoryLog elsewhere;
  EXPECT_THROW(copy(source_.log, elsewhere, "somewhere else"), LogMoved);
  EXPECT_THAT(ended(source_.log), ElementsAre(true, false, true));
  EXPECT_EQ(elsewhere.end(0), 0U);
}

}  // namespace
}  // namespace daybook::eventstore
