#include "eventstore/embedded/embedded_log.h"

#include <gmock/gmock.h>

#include <atomic>
#include <limits>

#include "tests/eventstore/embedded_failing_disk.h"
#include "tests/eventstore/embedded_scene.h"
#include "tests/eventstore/log_contract.h"

namespace daybook::eventstore::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr std::uint64_t kPlenty = std::numeric_limits<std::uint64_t>::max();

// A full disk breaks the session, and freed space mends it.
class EmbeddedUnderTest final : public LogUnderTest {
 public:
  EmbeddedUnderTest() { open(); }
  Log& log() override { return *log_; }
  void reopen() override {
    log_.reset();
    open();
  }
  void break_session() override { free_bytes_ = 0; }
  void mend() override { free_bytes_ = kPlenty; }

 private:
  void open() {
    auto options = scene_.options();
    options.free_space_floor_bytes = 8;
    options.free_space = [this] { return free_bytes_.load(); };
    log_ = std::make_unique<EmbeddedLog>(options);
  }

  EmbeddedScene scene_;
  std::atomic<std::uint64_t> free_bytes_ = kPlenty;
  std::unique_ptr<EmbeddedLog> log_;
};

std::unique_ptr<LogUnderTest> make_embedded_log() { return std::make_unique<EmbeddedUnderTest>(); }
INSTANTIATE_TEST_SUITE_P(Embedded, LogContract, ::testing::Values(&make_embedded_log));

struct EmbeddedLogTest : ::testing::Test {
  EmbeddedScene scene;
};

TEST_F(EmbeddedLogTest, SecondOpenerIsRefusedByName) {
  const EmbeddedLog first(scene.options());
  EXPECT_THAT([&] { EmbeddedLog second(scene.options()); },
              ThrowsMessage<std::runtime_error>(HasSubstr("is already open in process " + std::to_string(::getpid()))));
}

TEST_F(EmbeddedLogTest, OpensAgainOnceTheFirstIsClosed) {
  {
    const EmbeddedLog first(scene.options());
  }
  EXPECT_NO_THROW(EmbeddedLog second(scene.options()));
}

TEST_F(EmbeddedLogTest, FullDiskIsKnownWhileWhatIsOnItsWayCanBeWritten) {
  auto options = scene.options();
  options.free_space_floor_bytes = 1000;
  options.free_space = [] { return std::uint64_t{999}; };
  EmbeddedLog log(options);
  EXPECT_EQ(log.health(0), Health::kDiskFull);
  EXPECT_EQ(append(log, "a"), Delivery::kAcknowledged);
  EXPECT_EQ(log.end(0), 1U);
}

TEST_F(EmbeddedLogTest, WritesNothingWhereTheReserveIsUsedUp) {
  auto options = scene.options();
  options.free_space_floor_bytes = 1000;
  options.free_space = [] { return std::uint64_t{124}; };
  EmbeddedLog log(options);
  EXPECT_EQ(log.health(0), Health::kDiskFull);
  EXPECT_EQ(append(log, "a"), Delivery::kUnknown);
  EXPECT_EQ(log.end(0), 0U);
}

TEST_F(EmbeddedLogTest, AsksTheVolumeForItsFreeSpace) {
  auto options = scene.options();
  options.free_space_floor_bytes = kPlenty;
  EXPECT_EQ(EmbeddedLog(options).health(0), Health::kDiskFull);
}

TEST_F(EmbeddedLogTest, AppendsWaitForRoomInTheQueue) {
  auto options = scene.options();
  options.queue = {.records = 2, .bytes = 1000};
  EmbeddedLog log(options);
  append_numbers(log, 0, 200);
  EXPECT_TRUE(holds_numbers(log, 200));
}

TEST_F(EmbeddedLogTest, ClosingWritesWhatIsQueued) {
  std::atomic<int> acknowledged = 0;
  {
    EmbeddedLog log(scene.options());
    for (int number = 0; number < 100; ++number) {
      log.append(0, {numbered_record(number), {numbered_key(number)}},
                 [&](Delivery fate) { acknowledged += fate == Delivery::kAcknowledged; });
    }
  }
  EXPECT_EQ(acknowledged, 100);
  EmbeddedLog log(scene.options());
  EXPECT_TRUE(holds_numbers(log, 100));
  EXPECT_EQ(log.cut(), std::nullopt);
}

TEST_F(EmbeddedLogTest, FailedSyncLatchesForGood) {
  FailingDisk disk;
  auto options = scene.options();
  options.env = disk.env();
  EmbeddedLog log(options);
  append(log, "a");
  disk.fail_sync_after(0);
  EXPECT_EQ(append(log, "b"), Delivery::kUnknown);
  EXPECT_EQ(log.health(0), Health::kReadOnly);
  log.reopen_session(0);
  EXPECT_EQ(append(log, "c"), Delivery::kUnknown);
  EXPECT_THAT(log.failure().value_or(""), HasSubstr("sync failed"));
  EXPECT_EQ(log.end(0), 1U);
}

TEST_F(EmbeddedLogTest, FailedSyncMakesAllInFlightUnknown) {
  FailingDisk disk;
  auto options = scene.options();
  options.env = disk.env();
  std::atomic<int> unknown = 0;
  {
    EmbeddedLog log(options);
    disk.fail_sync_after(0);
    for (int number = 0; number < 100; ++number) {
      log.append(0, {"a", {}}, [&](Delivery fate) { unknown += fate == Delivery::kUnknown; });
    }
  }
  EXPECT_EQ(unknown, 100);
}

TEST_F(EmbeddedLogTest, ReadsOnWhenReadOnly) {
  FailingDisk disk;
  auto options = scene.options();
  options.env = disk.env();
  EmbeddedLog log(options);
  append_numbers(log, 0, 10);
  disk.cut_power();
  append(log, "lost");
  EXPECT_EQ(log.health(0), Health::kReadOnly);
  EXPECT_TRUE(holds_numbers(log, 10));
}

TEST_F(EmbeddedLogTest, ScrubOfAWholeLogFindsNothing) {
  {
    EmbeddedLog log(scene.options());
    append_numbers(log, 0, 50);
  }
  EmbeddedLog log(scene.options());
  append_numbers(log, 50, 100);
  const ScrubReport report = log.scrub();
  EXPECT_EQ(report.files, 2U);
  EXPECT_EQ(report.records, 100U);
  EXPECT_EQ(report.keys, 100U);
  EXPECT_TRUE(report.damages.empty());
}

TEST_F(EmbeddedLogTest, ScrubEndsWhenTold) {
  EmbeddedLog log(scene.options());
  append_numbers(log, 0, 50);
  EXPECT_EQ(log.scrub([] { return false; }).records, 0U);
}

}  // namespace
}  // namespace daybook::eventstore::testing
