// A log that is looked at by somebody who may change nothing.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/eventstore/embedded_scene.h"

namespace daybook::eventstore::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

struct EmbeddedLookTest : ::testing::Test {
  EmbeddedLook look() const { return look_at_embedded_log(scene.log_directory(), scene.mark_file()); }
  // Names, contents and times of all that is there.
  std::map<fs::path, std::pair<std::string, fs::file_time_type>> everything() const {
    std::map<fs::path, std::pair<std::string, fs::file_time_type>> all;
    for (const auto& entry : fs::recursive_directory_iterator(scene.root())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      all[entry.path()] = {std::string(std::istreambuf_iterator<char>(in), {}), entry.last_write_time()};
    }
    return all;
  }
  void append_and_close(int from, int to) { append_numbers(*std::make_unique<EmbeddedLog>(scene.options()), from, to); }

  EmbeddedScene scene;
};

TEST_F(EmbeddedLookTest, FindsTheEndAndChangesNothing) {
  append_and_close(0, 10);
  append_and_close(10, 25);  // some in a table file, some in the write-ahead log
  const auto before = everything();
  EXPECT_EQ(look().end, 25U);
  EXPECT_EQ(look().cut, std::nullopt);
  EXPECT_EQ(everything(), before);
}

TEST_F(EmbeddedLookTest, ALogThatWasNeverBegunEndsAtZero) {
  EXPECT_EQ(look().end, 0U);
  fs::create_directories(scene.log_directory());
  EXPECT_EQ(look().end, 0U);
  EXPECT_FALSE(fs::exists(scene.mark_file()));
}

TEST_F(EmbeddedLookTest, FindsWhatWasCutOff) {
  append_and_close(0, 10);
  const fs::path wal = scene.only_file(".log");
  fs::resize_file(wal, fs::file_size(wal) - 10);
  const auto before = everything();
  EXPECT_THAT([&] { look(); }, ThrowsMessage<LogDamaged>(HasSubstr("acknowledged")));
  EXPECT_EQ(everything(), before);
}

TEST_F(EmbeddedLookTest, TellsOfATornTailAndLeavesIt) {
  append_and_close(0, 10);
  const fs::path wal = scene.only_file(".log");
  {
    std::ofstream tail(wal, std::ios::binary | std::ios::app);
    tail << std::string(100, 'x');
  }
  const auto before = everything();
  EXPECT_EQ(look().end, 10U);
  EXPECT_THAT(look().cut.value_or(""), HasSubstr("the log ends at offset 10"));
  EXPECT_EQ(everything(), before);
}

TEST_F(EmbeddedLookTest, AMissingMarkIsNamed) {
  append_and_close(0, 10);
  fs::remove(scene.mark_file());
  EXPECT_THAT([&] { look(); }, ThrowsMessage<LogDamaged>(HasSubstr("--high-water")));
}

TEST_F(EmbeddedLookTest, AnEmptiedDirectoryIsNotTakenForANewLog) {
  append_and_close(0, 10);
  fs::remove_all(scene.log_directory());
  EXPECT_THROW(look(), LogDamaged);
}

}  // namespace
}  // namespace daybook::eventstore::testing
