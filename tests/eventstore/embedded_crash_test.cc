#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <optional>

#include "eventstore/embedded/embedded_log.h"
#include "tests/eventstore/embedded_failing_disk.h"
#include "tests/eventstore/embedded_scene.h"

namespace daybook::eventstore::testing {
namespace {

using ::testing::HasSubstr;

// Appends without waiting until `limit` records are acknowledged, counting each in a file of one byte per record, and
// dies in the middle of it.
[[noreturn]] void append_until_killed(const EmbeddedOptions& options, const std::string& count_file, int limit) {
  const int count = ::open(count_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  int acknowledged = 0;
  EmbeddedLog log(options);
  for (int number = 0;; ++number) {
    log.append(0, {numbered_record(number), {numbered_key(number)}}, [&](Delivery) {
      if (::write(count, "x", 1) == 1 && ++acknowledged == limit) ::kill(::getpid(), SIGKILL);
    });
  }
}

class EmbeddedKill : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(After, EmbeddedKill, ::testing::Values(1, 100, 5000));

TEST_P(EmbeddedKill, LosesNothingAcknowledged) {
  // The child is this program started anew, since RocksDB's threads do not survive a fork; it learns its place here.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  std::optional<EmbeddedScene> scene;
  if (::getenv("DAYBOOK_TEST_SCENE") == nullptr) {
    ::setenv("DAYBOOK_TEST_SCENE", scene.emplace().root().c_str(), 0);
  }
  const std::filesystem::path place = ::getenv("DAYBOOK_TEST_SCENE");
  EmbeddedOptions options;
  options.free_space_floor_bytes = 0;
  options.directory = place / "log";
  options.high_water_file = place / "mark";
  EXPECT_EXIT(append_until_killed(options, place / "count", GetParam()), ::testing::KilledBySignal(SIGKILL), "");
  ::unsetenv("DAYBOOK_TEST_SCENE");

  const auto acknowledged = static_cast<int>(std::filesystem::file_size(place / "count"));
  EXPECT_GE(acknowledged, GetParam());
  EmbeddedLog log(options);
  EXPECT_TRUE(holds_numbers(log, acknowledged));
}

struct EmbeddedPowerCut : ::testing::Test {
  // Appends until the power is cut at the sync after `good_syncs`; the number of records acknowledged.
  int append_until_power_cut(std::size_t good_syncs, bool sync_writes = true) {
    auto options = scene.options();
    options.env = disk.env();
    options.sync_writes = sync_writes;
    EmbeddedLog log(options);
    disk.fail_sync_after(good_syncs);
    int acknowledged = 0;
    for (int number = 0; number < 300; ++number) {
      const auto fate = append(log, numbered_record(number), {numbered_key(number)});
      if (fate == Delivery::kUnknown) break;
      ++acknowledged;
    }
    disk.cut_power();
    return acknowledged;
  }

  EmbeddedScene scene;
  FailingDisk disk;
};

TEST_F(EmbeddedPowerCut, LosesNothingAcknowledged) {
  const int acknowledged = append_until_power_cut(137);
  EXPECT_EQ(acknowledged, 137);
  disk.lose_unsynced();
  EmbeddedLog log(scene.options());
  EXPECT_TRUE(holds_numbers(log, acknowledged));
  EXPECT_EQ(log.end(0), 137U);
}

TEST_F(EmbeddedPowerCut, TornTailIsCutAndSaid) {
  const int acknowledged = append_until_power_cut(137);
  disk.lose_unsynced(50);
  EmbeddedLog log(scene.options());
  EXPECT_TRUE(holds_numbers(log, acknowledged));
  EXPECT_THAT(log.cut().value_or(""), HasSubstr("the log ends at offset 137"));
  EXPECT_THAT(log.cut().value_or(""), HasSubstr(".log from byte "));
}

TEST_F(EmbeddedPowerCut, AppendsGoOnAfterATornTail) {
  const int acknowledged = append_until_power_cut(20);
  disk.lose_unsynced(50);
  {
    EmbeddedLog log(scene.options());
    append_numbers(log, acknowledged, 40);
  }
  EmbeddedLog log(scene.options());
  EXPECT_TRUE(holds_numbers(log, 40));
  EXPECT_EQ(log.cut(), std::nullopt);
}

// The test of the tests above: without syncs they would fail.
TEST_F(EmbeddedPowerCut, WithoutSyncsAcknowledgedRecordsAreLostAndMissed) {
  EXPECT_EQ(append_until_power_cut(137, false), 300);
  disk.lose_unsynced();
  EXPECT_THROW(EmbeddedLog log(scene.options()), LogDamaged);
  HighWaterMark::reset(scene.mark_file(), Mark{});
  EmbeddedLog log(scene.options());
  EXPECT_FALSE(holds_numbers(log, 300));
}

}  // namespace
}  // namespace daybook::eventstore::testing
