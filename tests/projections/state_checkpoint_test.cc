#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/projections/writer_scene.h"

namespace daybook::projections {
namespace {

using test::create_notes;
using test::Directory;
using test::kAcme;
using test::kOther;
using test::WriterScene;
using testing::SizeIs;

constexpr std::size_t kLong = 60'000;  // bytes of a note, so that twenty come to four parts and a commit
constexpr int kSlices = 5;

StateStore::Options small(const std::filesystem::path& directory) {
  return {.directory = directory, .cache_bytes = 8 << 20, .write_buffer_bytes = 1 << 20};
}

TEST(Checkpoint, IsAStateOfItsOwn) {
  const Directory directory;
  StateStore state(small(directory.path() / "state"));
  state.set_fingerprint(7);
  state.write({{kAcme, {{"row", "before"}}}}, 0, {3, {}, 0, {}});
  state.checkpoint(directory.path() / "copy");
  state.write({{kAcme, {{"row", "after"}}}}, 0, {4, {}, 0, {}});
  const StateStore copy(small(directory.path() / "copy"));
  EXPECT_EQ(copy.rows(kAcme)->get("row"), "before");
  EXPECT_EQ(copy.position(0).next_offset, 3U);
  EXPECT_EQ(copy.fingerprint(), 7U);
}

TEST(Checkpoint, OverADirectoryThatIsThereThrows) {
  const Directory directory;
  const StateStore state(small(directory.path() / "state"));
  EXPECT_THROW(state.checkpoint(directory.path()), std::runtime_error);
}

// The rows of two workspaces and the position are of one write, whatever is written meanwhile.
TEST(Checkpoint, OfAStateThatIsWrittenHoldsEachWriteWholeOrNotAtAll) {
  const Directory directory;
  StateStore state(small(directory.path() / "state"));
  std::atomic<std::uint64_t> written = 0;
  const std::jthread writer([&](const std::stop_token& stop) {
    for (std::uint64_t next = 1; !stop.stop_requested(); ++next) {
      const std::string row = std::to_string(next) + std::string(500, ' ');
      state.write({{kAcme, {{"row", row}, {std::to_string(next % 5000), row}}}, {kOther, {{"row", row}}}}, 0,
                  {next, {}, 0, {}});
      written = next;
      written.notify_all();
    }
  });
  for (int number = 0; number < 20; ++number) {
    const std::uint64_t before = written;
    written.wait(before);
    const auto at = directory.path() / ("copy" + std::to_string(number));
    state.checkpoint(at);
    const StateStore copy(small(at));
    const std::uint64_t position = copy.position(0).next_offset;
    EXPECT_GE(position, before);
    EXPECT_EQ(std::stoull(copy.rows(kAcme)->get("row").value()), position);
    EXPECT_EQ(std::stoull(copy.rows(kOther)->get("row").value()), position);
    EXPECT_EQ(std::stoull(copy.rows(kAcme)->get(std::to_string(position % 5000)).value()), position);
  }
}

TEST(Checkpoint, IsWhereAnotherNodeGoesOnFrom) {
  WriterScene first(WriterScene::Node{});
  const Directory directory;
  first.done(create_notes(kAcme, 3, 10, "before"));
  first.state.checkpoint(directory.path() / "copy");
  first.done(create_notes(kAcme, 2, 10, "after"));
  WriterScene second({.log = &first.log, .instance = 'b', .state = directory.path() / "copy"});
  EXPECT_EQ(second.all_rows(), first.all_rows());
  EXPECT_EQ(second.done(create_notes(kAcme, 1, 10)).position, 6U);
}

// A copy is made when so many slices of a big commit are folded.
class CheckpointOfABigFold : public testing::TestWithParam<int> {};

TEST_P(CheckpointOfABigFold, IsFoldedToItsEndByTheNodeThatStartsOnIt) {
  WriterScene first(WriterScene::Node{});
  const Directory directory;
  int slices = 0;
  first.projector.after_slice = [&] {
    if (++slices == GetParam()) first.state.checkpoint(directory.path() / "copy");
  };
  first.done(create_notes(kAcme, 1, 10, "before"));
  first.done(create_notes(kAcme, 20, kLong));
  ASSERT_EQ(slices, kSlices);
  {
    const StateStore copy(small(directory.path() / "copy"));
    EXPECT_EQ(copy.position(0).big.size(), GetParam() == kSlices ? 0U : 1U);
  }
  WriterScene second({.log = &first.log, .instance = 'b', .state = directory.path() / "copy"});
  EXPECT_THAT(second.damaged(), SizeIs(0));
  EXPECT_EQ(second.all_rows(), first.all_rows());
  EXPECT_EQ(second.done(create_notes(kAcme, 1, 10)).position, 22U);
}

INSTANTIATE_TEST_SUITE_P(Slices, CheckpointOfABigFold, testing::Range(1, kSlices + 1));

// Of a command whose closing commit was not read yet the state knows where its parts begin, and no more.
TEST(Checkpoint, BetweenThePartsOfACommandIsGoneOnFrom) {
  WriterScene first(WriterScene::Node{});
  const Directory directory;
  first.log.hold(0);
  auto outcome = first.send(create_notes(kAcme, 20, kLong));
  while (first.log.held(0) < kSlices) std::this_thread::yield();
  first.log.deliver(0, 2);
  while (first.figures().applied_offset < first.log.end(0)) std::this_thread::yield();
  first.state.checkpoint(directory.path() / "copy");
  first.log.resume(0);
  outcome.wait();
  WriterScene second({.log = &first.log, .instance = 'b', .state = directory.path() / "copy"});
  EXPECT_THAT(second.notes(kAcme), SizeIs(20));
  EXPECT_EQ(second.all_rows(), first.all_rows());
}

}  // namespace
}  // namespace daybook::projections
