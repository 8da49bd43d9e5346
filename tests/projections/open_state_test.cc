#include "projections/open_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "projections/derived_rows.h"
#include "tests/projections/writer_scene.h"

namespace daybook::projections {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class OpenState : public testing::Test {
 protected:
  std::unique_ptr<StateStore> open() {
    return open_state({.directory = directory_.path() / "state"},
                      [this](const std::string& line) { said_.push_back(line); });
  }
  // A row and a position, as a fold leaves them.
  static void fill(StateStore& state) {
    StateStore::Batch batch;
    batch[test::kAcme]["row"] = "value";
    eventstore::PartitionPosition position;
    position.next_offset = 7;
    state.write(batch, 0, position);
  }

  test::Directory directory_;
  std::vector<std::string> said_;
};

TEST_F(OpenState, MarksANewOneInSilence) {
  EXPECT_EQ(open()->fingerprint(), rows_fingerprint());
  EXPECT_THAT(said_, IsEmpty());
}

TEST_F(OpenState, KeepsRowsThatThisProgramDerived) {
  fill(*open());
  const auto state = open();
  EXPECT_EQ(state->rows(test::kAcme)->get("row"), "value");
  EXPECT_EQ(state->position(0).next_offset, 7U);
  EXPECT_THAT(said_, IsEmpty());
}

TEST_F(OpenState, BeginsAnewWhereAnotherProgramDerivedThem) {
  {
    const auto state = open();
    fill(*state);
    state->set_fingerprint(rows_fingerprint() + 1);
  }
  const auto state = open();
  EXPECT_EQ(state->rows(test::kAcme)->get("row"), std::nullopt);
  EXPECT_EQ(state->position(0).next_offset, 0U);
  EXPECT_EQ(state->fingerprint(), rows_fingerprint());
  EXPECT_THAT(said_, ElementsAre(testing::HasSubstr("made anew")));
}

TEST_F(OpenState, BeginsAnewWhereNobodySaysWhoDerivedThem) {
  {
    StateStore unmarked({.directory = directory_.path() / "state"});
    fill(unmarked);
  }
  EXPECT_EQ(open()->position(0).next_offset, 0U);
}

constexpr std::chrono::milliseconds kNoWait{0};

// A state that a node has folded from its log, marked as open_state marks it.
struct FoldedScene : test::WriterScene {
  FoldedScene() {
    state.set_fingerprint(rows_fingerprint());
    done(test::create_notes(test::kAcme, 3, 10));
  }
};

TEST(Misfit, IsNoneWithTheLogThatTheStateIsFoldedFrom) {
  FoldedScene scene;
  EXPECT_EQ(find_misfit(scene.state, scene.log, kNoWait), std::nullopt);
  scene.restart();
  EXPECT_EQ(find_misfit(scene.state, scene.log, kNoWait), std::nullopt);
}

TEST(Misfit, IsARowThatAnotherProgramDerived) {
  FoldedScene scene;
  scene.state.set_fingerprint(rows_fingerprint() + 1);
  EXPECT_EQ(find_misfit(scene.state, scene.log, kNoWait), "they are of another version of Daybook");
}

TEST(Misfit, IsAPositionBeyondTheEndOfTheLog) {
  FoldedScene scene;
  eventstore::MemoryLog other;
  EXPECT_EQ(find_misfit(scene.state, other, kNoWait), "they stand at offset 2, and the log ends at 0");
}

TEST(Misfit, IsAPositionUnderAClaimThatTheLogDoesNotHave) {
  FoldedScene scene;
  scene.restart();
  FoldedScene other;
  for (int more = 0; more < 3; ++more) other.done(test::create_notes(test::kAcme, 1, 10));
  EXPECT_THAT(find_misfit(scene.state, other.log, kNoWait).value_or(""), testing::HasSubstr("of another log"));
}

}  // namespace
}  // namespace daybook::projections
