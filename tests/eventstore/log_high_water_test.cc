#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "eventstore/high_water.h"
#include "eventstore/log_damaged.h"
#include "tests/eventstore/embedded_scene.h"

namespace daybook::eventstore::testing {
namespace {

struct HighWaterMarkTest : ::testing::Test {
  HighWaterMarkTest() { HighWaterMark::reset(path, {5, 55}); }
  void overwrite(std::streamoff at, std::string_view bytes) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(at);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }

  EmbeddedScene scene;
  std::filesystem::path path = scene.root() / "mark";
};

TEST_F(HighWaterMarkTest, NoFileNoMark) { EXPECT_EQ(HighWaterMark::read(scene.root() / "none"), std::nullopt); }

TEST_F(HighWaterMarkTest, SaysWhatItWasResetTo) { EXPECT_EQ(HighWaterMark::read(path), (Mark{5, 55})); }

TEST_F(HighWaterMarkTest, IsSixtyFourBytes) { EXPECT_EQ(std::filesystem::file_size(path), 64U); }

TEST_F(HighWaterMarkTest, AdvanceIsInTheFileAtOnce) {
  HighWaterMark mark(path);
  mark.advance({6, 66});
  EXPECT_EQ(HighWaterMark::read(path), (Mark{6, 66}));
  mark.advance({7, 77});
  EXPECT_EQ(HighWaterMark::read(path), (Mark{7, 77}));
}

TEST_F(HighWaterMarkTest, GoesOnFromTheNewestSlot) {
  HighWaterMark(path).advance({6, 66});
  HighWaterMark(path).advance({7, 77});
  HighWaterMark(path).advance({8, 88});
  EXPECT_EQ(HighWaterMark::read(path), (Mark{8, 88}));
}

TEST_F(HighWaterMarkTest, TornSlotLeavesTheMarkBefore) {
  HighWaterMark(path).advance({6, 66});  // into the second slot, the first being as new
  overwrite(32, "torn");
  EXPECT_EQ(HighWaterMark::read(path), (Mark{5, 55}));
}

TEST_F(HighWaterMarkTest, TwoBrokenSlotsAreDamage) {
  overwrite(0, "torn");
  overwrite(32, "torn");
  EXPECT_THROW(HighWaterMark::read(path), LogDamaged);
}

TEST_F(HighWaterMarkTest, ShortFileIsDamage) {
  std::filesystem::resize_file(path, 40);
  EXPECT_THROW(HighWaterMark::read(path), LogDamaged);
}

TEST_F(HighWaterMarkTest, ResetMayGoBack) {
  HighWaterMark::reset(path, {2, 22});
  EXPECT_EQ(HighWaterMark::read(path), (Mark{2, 22}));
}

TEST_F(HighWaterMarkTest, UnwritableVolumeSaysSo) {
  std::filesystem::remove(path);
  EXPECT_ANY_THROW(HighWaterMark::reset(scene.root() / "no such directory" / "mark", {}));
}

}  // namespace
}  // namespace daybook::eventstore::testing
