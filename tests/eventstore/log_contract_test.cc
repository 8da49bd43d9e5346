#include "tests/eventstore/log_contract.h"

#include <gmock/gmock.h>

#include <map>
#include <mutex>
#include <thread>

namespace daybook::eventstore::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kLong = 60s;  // far more than anything here takes; a test that waits so long has failed

TEST_P(LogContract, EmptyLogHasNothingToRead) {
  EXPECT_EQ(log().end(0), 0U);
  EXPECT_THAT(all(), IsEmpty());
  EXPECT_EQ(log().health(0), Health::kOk);
}

TEST_P(LogContract, DeliversInTheOrderOfTheAppends) {
  append_async("a");
  append_async("b");
  EXPECT_EQ(append("c"), Delivery::kAcknowledged);
  EXPECT_THAT(all(), ElementsAre("a", "b", "c"));
}

TEST_P(LogContract, ReportsInTheOrderOfTheAppends) {
  std::vector<int> reported;
  for (int number = 0; number < 1000; ++number) {
    log().append(0, {"record", {}}, [&reported, number](Delivery) { reported.push_back(number); });
  }
  EXPECT_EQ(append("last"), Delivery::kAcknowledged);
  ASSERT_EQ(reported.size(), 1000U);
  EXPECT_TRUE(std::ranges::is_sorted(reported));
}

TEST_P(LogContract, AcknowledgedMeansReadable) {
  std::promise<std::uint64_t> end;
  log().append(0, {"a", {}}, [&](Delivery) { end.set_value(log().end(0)); });
  const std::uint64_t reported_end = end.get_future().get();
  EXPECT_EQ(reported_end, records_from(0).back().offset + 1);
}

TEST_P(LogContract, SixtyFourThreadsLoseAndRepeatNothing) {
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 64; ++thread) {
    threads.emplace_back([this, thread] {
      for (int number = 0; number < 20; ++number) {
        EXPECT_EQ(append(std::to_string(thread * 100 + number)), Delivery::kAcknowledged);
      }
    });
  }
  threads.clear();
  std::vector<int> next(64, 0);
  for (const std::string& bytes : all()) {
    const int value = std::stoi(bytes);
    EXPECT_EQ(value % 100, next.at(static_cast<std::size_t>(value / 100))++);
  }
  EXPECT_THAT(next, ::testing::Each(20));
}

TEST_P(LogContract, ReaderFollowsTheAppender) {
  const auto reader = log().read(0, 0);
  std::jthread appender([this] {
    for (int number = 0; number < 500; ++number) append_async(std::to_string(number));
    append("end");
  });
  for (int number = 0; number < 500; ++number) {
    const auto record = reader->next(kLong);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->bytes, std::to_string(number));
  }
}

TEST_P(LogContract, ReadsFromAnOffset) {
  append("a");
  append("b");
  append("c");
  const auto offset = records_from(0).at(1).offset;
  const auto records = records_from(offset);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].offset, offset);
  EXPECT_EQ(records[0].bytes, "b");
}

TEST_P(LogContract, ReadingBeyondTheEndWaitsForThatOffset) {
  append("a");
  const auto reader = log().read(0, log().end(0));
  EXPECT_EQ(reader->next(0ms), std::nullopt);
  append("b");
  const auto record = reader->next(kLong);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->bytes, "b");
}

TEST_P(LogContract, InterruptEndsAWait) {
  const auto reader = log().read(0, 0);
  std::promise<void> waiting;
  auto read = std::async(std::launch::async, [&] {
    waiting.set_value();
    return reader->next(kLong);
  });
  waiting.get_future().wait();
  reader->interrupt();
  EXPECT_EQ(read.get(), std::nullopt);
}

TEST_P(LogContract, InterruptedReaderReadsOn) {
  append("a");
  const auto reader = log().read(0, 0);
  reader->interrupt();
  EXPECT_EQ(reader->next(kLong), std::nullopt);
  const auto record = reader->next(kLong);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->bytes, "a");
}

TEST_P(LogContract, FindsKeysOnceTheirRecordIsAcknowledged) {
  append("a", {{"name", "wrapped"}, {"other", "too"}});
  EXPECT_EQ(log().find_key("name"), "wrapped");
  EXPECT_EQ(log().find_key("other"), "too");
  EXPECT_EQ(log().find_key("third"), std::nullopt);
}

TEST_P(LogContract, TheKeyStoredLastCounts) {
  append("a", {{"name", "old"}});
  append("b", {{"name", "new"}});
  EXPECT_EQ(log().find_key("name"), "new");
}

TEST_P(LogContract, ListsEachKeyAsItWasStoredLast) {
  append("a", {{"name", "old"}, {"other", "too"}});
  append("b", {{"name", "new"}});
  std::map<std::string, std::string> values;
  for (const WrappedKey& key : log().keys(0)) EXPECT_TRUE(values.emplace(key.name, key.value).second);
  EXPECT_EQ(values, (std::map<std::string, std::string>{{"name", "new"}, {"other", "too"}}));
}

TEST_P(LogContract, KeepsRecordsAndKeysOverARestart) {
  append("a", {{"name", "wrapped"}});
  under_test_->reopen();
  EXPECT_THAT(all(), ElementsAre("a"));
  EXPECT_EQ(log().find_key("name"), "wrapped");
}

TEST_P(LogContract, OffsetsAscendOverARestart) {
  append("a");
  append("b");
  under_test_->reopen();
  append("c");
  const auto records = records_from(0);
  ASSERT_EQ(records.size(), 3U);
  EXPECT_LT(records[0].offset, records[1].offset);
  EXPECT_LT(records[1].offset, records[2].offset);
  EXPECT_EQ(log().end(0), records[2].offset + 1);
}

TEST_P(LogContract, UnknownLastsUntilTheSessionIsReopened) {
  EXPECT_EQ(append("a"), Delivery::kAcknowledged);
  under_test_->break_session();
  EXPECT_EQ(append("b"), Delivery::kUnknown);
  under_test_->mend();
  EXPECT_EQ(append("c"), Delivery::kUnknown);
  log().reopen_session(0);
  EXPECT_EQ(append("d"), Delivery::kAcknowledged);
  EXPECT_THAT(all(), ElementsAre("a", "d"));
}

TEST_P(LogContract, CarriesRecordsOfHalfAMebibyte) {
  const std::string big(512 << 10, 'x');
  append(big);
  append(big + "y");
  EXPECT_EQ(all(), (std::vector{big, big + "y"}));
}

TEST_P(LogContract, CarriesEveryByteAndNoByte) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes.push_back(static_cast<char>(byte));
  append("");
  append(bytes, {{bytes, bytes}});
  EXPECT_THAT(all(), ElementsAre("", bytes));
  EXPECT_EQ(log().find_key(bytes), bytes);
}

}  // namespace
}  // namespace daybook::eventstore::testing
