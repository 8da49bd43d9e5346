#include "eventstore/log_fold.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/projections/writer_scene.h"

namespace daybook::projections {
namespace {

using eventstore::LogFold;
using test::create_notes;
using test::kAcme;
using test::kOther;
using test::WriterScene;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t kLong = 60'000;

std::map<std::string, std::string> rows_of(const StateStore& state) {
  std::map<std::string, std::string> rows;
  state.for_each_row([&](model::WorkspaceId workspace, std::string_view key, std::string_view value) {
    rows.emplace(std::string(workspace.value.view()).append(key), value);
  });
  return rows;
}

void ignore(std::uint64_t) {}

// A second state, folded from the log of a scene.
class Refolded {
 public:
  explicit Refolded(WriterScene& scene)
      : state({.directory = scene.directory.path() / "fresh"}),
        fold(scene.source(),
             {[this](const auto& commits, const auto& after) { projector.apply(0, commits, after); },
              [this](const auto& slice, const auto& after) { projector.apply_slice(0, slice, after); }}) {}
  StateStore state;
  Projector projector{state, nullptr};
  LogFold fold;
};

TEST(LogFold, GivesTheRowsThatTheWriterMadeOfCommandsInParts) {
  WriterScene scene;
  scene.done(create_notes(kAcme, 2, 10));
  scene.done(create_notes(kAcme, 20, kLong));
  scene.done(create_notes(kOther, 20, kLong));
  scene.done(create_notes(kAcme, 1, 10));
  Refolded anew(scene);
  anew.fold.run_to(scene.records(), ignore);
  EXPECT_THAT(anew.fold.findings(), IsEmpty());
  EXPECT_EQ(anew.fold.commits(), 4U);
  EXPECT_EQ(anew.fold.workspaces(), 2U);
  EXPECT_TRUE(rows_of(anew.state) == rows_of(scene.state));
  EXPECT_THAT(anew.state.position(0).big, IsEmpty());
}

TEST(LogFold, LeavesOutPartsThatWereNeverClosed) {
  WriterScene scene;
  scene.log.hold(0);
  auto lost = scene.send(create_notes(kAcme, 20, kLong));
  while (scene.log.held(0) < 5) std::this_thread::yield();
  scene.log.deliver(0, 3);
  scene.restart();
  lost.get();
  scene.done(create_notes(kAcme, 1, 10));
  Refolded anew(scene);
  anew.fold.run_to(scene.records(), ignore);
  EXPECT_EQ(anew.fold.commits(), 1U);
  EXPECT_TRUE(rows_of(anew.state) == rows_of(scene.state));
}

TEST(LogFold, HandsOnACommandOnlyAsFarAsAStateThatStoppedInTheMiddle) {
  WriterScene scene;
  scene.done(create_notes(kOther, 1, 10));
  int slices = 0;
  scene.projector.after_slice = [&] {
    if (++slices == 2) throw std::runtime_error("the disk is gone");
  };
  scene.done(create_notes(kAcme, 20, kLong));
  scene.end();
  const auto stands = scene.state.position(0);
  ASSERT_EQ(stands.big.size(), 1U);
  EXPECT_EQ(stands.big.front().parts_folded, 2U);

  Refolded anew(scene);
  anew.fold.run_to(stands.next_offset, ignore, stands.big);
  EXPECT_TRUE(rows_of(anew.state) == rows_of(scene.state));

  anew.fold.run_to(scene.records(), ignore);
  scene.projector.after_slice = nullptr;
  scene.restart();
  EXPECT_TRUE(rows_of(anew.state) == rows_of(scene.state));
}

TEST(LogFold, HandsOnSlicesInTheOrderOfTheirPositions) {
  WriterScene scene;
  scene.done(create_notes(kAcme, 20, kLong));
  std::vector<std::uint64_t> positions;
  std::size_t commits = 0;
  LogFold fold(scene.source(), {[&](const auto& list, const auto&) { commits += list.size(); },
                                [&](const auto& slice, const auto&) { positions.push_back(slice.first_position); }});
  fold.run_to(scene.records(), ignore);
  EXPECT_THAT(positions, ElementsAre(1, 7, 13, 19, 20));
  EXPECT_EQ(commits, 0U);
}

}  // namespace
}  // namespace daybook::projections
