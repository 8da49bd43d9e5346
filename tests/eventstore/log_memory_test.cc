#include <gmock/gmock.h>

#include "eventstore/memory_log.h"
#include "tests/eventstore/log_contract.h"

namespace daybook::eventstore::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class MemoryUnderTest final : public LogUnderTest {
 public:
  Log& log() override { return log_; }
  void reopen() override { log_.crash(); }
  void break_session() override { log_.inject(0, Fault::kErrorNotWritten); }
  void mend() override {}

 private:
  MemoryLog log_;
};

std::unique_ptr<LogUnderTest> make_memory_log() { return std::make_unique<MemoryUnderTest>(); }
INSTANTIATE_TEST_SUITE_P(Memory, LogContract, ::testing::Values(&make_memory_log));

struct MemoryLogTest : ::testing::Test {
  void append(std::string record, std::uint32_t partition = 0) {
    log.append(partition, {std::move(record), {{"key", "value"}}}, [this](Delivery fate) { fates.push_back(fate); });
  }
  std::vector<std::string> records(std::uint32_t partition = 0) {
    std::vector<std::string> bytes;
    const auto reader = log.read(partition, 0);
    while (auto record = reader->next(std::chrono::milliseconds(0))) bytes.push_back(std::move(record->bytes));
    return bytes;
  }

  MemoryLog log{2};
  std::vector<Delivery> fates;
};

TEST_F(MemoryLogTest, KeepsPartitionsApart) {
  append("a", 0);
  append("b", 1);
  EXPECT_THAT(records(0), ElementsAre("a"));
  EXPECT_THAT(records(1), ElementsAre("b"));
}

TEST_F(MemoryLogTest, HeldAppendsAreNeitherSeenNorReported) {
  log.hold(0);
  append("a");
  EXPECT_THAT(records(), IsEmpty());
  EXPECT_EQ(log.find_key("key"), std::nullopt);
  EXPECT_THAT(fates, IsEmpty());
}

TEST_F(MemoryLogTest, DeliversHeldAppendsOneByOne) {
  log.hold(0);
  append("a");
  append("b");
  EXPECT_EQ(log.deliver(0, 1), 1U);
  EXPECT_THAT(records(), ElementsAre("a"));
  EXPECT_THAT(fates, ElementsAre(Delivery::kAcknowledged));
}

TEST_F(MemoryLogTest, ResumeDeliversTheRestAndAtOnceFromThenOn) {
  log.hold(0);
  append("a");
  log.resume(0);
  append("b");
  EXPECT_THAT(records(), ElementsAre("a", "b"));
}

TEST_F(MemoryLogTest, LateAcknowledgementIsReadBeforeItIsReported) {
  log.inject(0, Fault::kAckLate);
  append("a");
  append("b");
  EXPECT_THAT(records(), ElementsAre("a", "b"));
  EXPECT_THAT(fates, IsEmpty());
  log.release_late(0);
  EXPECT_THAT(fates, ElementsAre(Delivery::kAcknowledged, Delivery::kAcknowledged));
}

TEST_F(MemoryLogTest, ReopeningMakesTheLateOnesUnknown) {
  log.inject(0, Fault::kAckLate);
  append("a");
  log.reopen_session(0);
  EXPECT_THAT(fates, ElementsAre(Delivery::kUnknown));
  EXPECT_THAT(records(), ElementsAre("a"));
}

TEST_F(MemoryLogTest, ReopeningDropsWhatWasHeld) {
  log.hold(0);
  append("a");
  log.reopen_session(0);
  log.resume(0);
  EXPECT_THAT(fates, ElementsAre(Delivery::kUnknown));
  EXPECT_THAT(records(), IsEmpty());
}

TEST_F(MemoryLogTest, ErrorThoughWrittenIsThere) {
  log.inject(0, Fault::kErrorThoughWritten);
  append("a");
  EXPECT_THAT(fates, ElementsAre(Delivery::kUnknown));
  EXPECT_THAT(records(), ElementsAre("a"));
}

TEST_F(MemoryLogTest, RepeatedRecordStandsAtTwoOffsets) {
  log.inject(0, Fault::kWrittenTwice);
  append("a");
  EXPECT_THAT(records(), ElementsAre("a", "a"));
  EXPECT_THAT(fates, ElementsAre(Delivery::kAcknowledged));
}

TEST_F(MemoryLogTest, ZombieAppendStandsAfterTheClaim) {
  append("claim");
  EXPECT_EQ(log.insert(0, "stale"), 1U);
  EXPECT_THAT(records(), ElementsAre("claim", "stale"));
}

TEST_F(MemoryLogTest, CrashLosesEverythingUnsynced) {
  append("a");
  log.hold(0);
  append("b");
  append("c");
  log.crash();
  EXPECT_THAT(records(), ElementsAre("a"));
  EXPECT_THAT(fates, ElementsAre(Delivery::kAcknowledged));
}

TEST_F(MemoryLogTest, CrashMaySpareWhatReachedTheDisk) {
  log.hold(0);
  append("a");
  append("b");
  log.crash(1);
  EXPECT_THAT(records(), ElementsAre("a"));
  EXPECT_THAT(fates, IsEmpty());
}

TEST_F(MemoryLogTest, FullDiskWritesWhatIsOnItsWay) {
  log.set_health(Health::kDiskFull);
  append("a");
  EXPECT_EQ(log.health(0), Health::kDiskFull);
  EXPECT_THAT(fates, ElementsAre(Delivery::kAcknowledged));
  EXPECT_THAT(records(), ElementsAre("a"));
}

TEST_F(MemoryLogTest, ReadOnlyWritesNothing) {
  log.set_health(Health::kReadOnly);
  append("a");
  EXPECT_EQ(log.health(0), Health::kReadOnly);
  EXPECT_THAT(fates, ElementsAre(Delivery::kUnknown));
  EXPECT_THAT(records(), IsEmpty());
}

}  // namespace
}  // namespace daybook::eventstore::testing
