#include "eventstore/log_copy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eventstore/counted_reader.h"
#include "eventstore/log_fold.h"
#include "eventstore/log_moved.h"
#include "tests/projections/writer_scene.h"

namespace daybook::projections {
namespace {

using eventstore::CopyFigures;
using eventstore::LogCopy;
using eventstore::LogFold;
using eventstore::LogMoved;
using eventstore::MemoryLog;
using test::create_notes;
using test::kAcme;
using test::kOther;
using test::WriterScene;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

constexpr std::size_t kLong = 60'000;
const model::Uuid kCopier = *model::Uuid::from_bytes("the copy tool...");

CopyFigures copy(MemoryLog& from, MemoryLog& to, std::function<void()> meanwhile = [] {}) {
  LogCopy::Options options;
  options.instance = kCopier;
  options.destination = "the other log";
  options.time_us = 1'767'225'600'000'000;
  options.on_progress = [&](const char*, std::uint64_t, std::uint64_t) { meanwhile(); };
  return LogCopy(from, to, std::move(options)).run();
}

// The commits of a log, opened with the keys that stand in it.
std::vector<eventstore::Commit> commits_of(eventstore::Log& log) {
  eventstore::Keyring keyring(log, *eventstore::Key::from_bytes(std::string(eventstore::Key::kSize, 'm')));
  eventstore::CommitCodec codec(keyring);
  std::vector<eventstore::Commit> found;
  LogFold fold({log, codec, 0}, {[&](const auto& commits, const auto&) {
                                   for (const auto& opened : commits) found.push_back(opened.commit);
                                 },
                                 [&](const auto& slice, const auto&) {
                                   if (slice.is_last) found.push_back(slice.commit.commit);
                                 }});
  fold.run_to(log.end(0), [](std::uint64_t) {});
  EXPECT_THAT(fold.findings(), IsEmpty());
  return found;
}

void fill(WriterScene& scene) {
  scene.done(create_notes(kAcme, 2, 10));
  scene.done(create_notes(kAcme, 20, kLong));
  scene.done(create_notes(kOther, 1, 10));
}

TEST(LogCopy, HoldsTheSameHistoriesAndKeys) {
  WriterScene scene;
  fill(scene);
  const auto before = commits_of(scene.log);
  ASSERT_EQ(before.size(), 3U);
  scene.end();
  MemoryLog other;
  const CopyFigures figures = copy(scene.log, other);
  EXPECT_EQ(figures.commits, 3U);
  EXPECT_EQ(figures.parts, scene.parts());
  EXPECT_EQ(figures.workspaces, 2U);
  EXPECT_EQ(figures.keys, scene.log.keys(0).size());
  EXPECT_TRUE(commits_of(other) == before);
}

TEST(LogCopy, LeavesBehindWhatDoesNotCount) {
  WriterScene scene;
  fill(scene);
  const std::string late = scene.log.read(0, 1)->next(std::chrono::milliseconds(0))->bytes;
  scene.log.insert(0, late);
  scene.end();
  MemoryLog other;
  copy(scene.log, other);
  std::uint64_t counted = 0;
  for (eventstore::CountedReader reader(other, 0); reader.next();) ++counted;
  EXPECT_EQ(counted, other.end(0));
}

TEST(LogCopy, IsWrittenOnByTheNextServer) {
  WriterScene scene;
  fill(scene);
  scene.end();
  MemoryLog other;
  copy(scene.log, other);
  WriterScene next({.log = &other, .instance = 'b'});
  next.done(create_notes(kOther, 1, 10, "later"));
  EXPECT_THAT(next.notes(kOther), ElementsAre("note", "later"));
}

TEST(LogCopy, EndsTheSource) {
  WriterScene scene;
  fill(scene);
  scene.end();
  MemoryLog other;
  copy(scene.log, other);
  EXPECT_THAT([&] { scene.restart(); }, ThrowsMessage<LogMoved>(HasSubstr("to the other log; start Daybook there")));
  MemoryLog third;
  EXPECT_THROW(copy(scene.log, third), LogMoved);
  EXPECT_EQ(commits_of(scene.log).size(), 3U) << "it can still be read";
}

TEST(LogCopy, ReplacesAServerThatStillWrites) {
  WriterScene scene(WriterScene::Node{});
  fill(scene);
  MemoryLog other;
  copy(scene.log, other);
  EXPECT_EQ(scene.done(create_notes(kAcme, 1, 10)).kind, eventstore::Outcome::Kind::kUnavailable);
  EXPECT_EQ(commits_of(other).size(), 3U);
}

TEST(LogCopy, EndsNothingWhereAnotherProcessClaimsTheSource) {
  WriterScene scene;
  fill(scene);
  scene.end();
  MemoryLog other;
  const auto claim = [&] {
    eventstore::CountedReader reader(scene.log, 0);
    while (reader.next()) {
    }
    scene.log.insert(0, eventstore::write_record(eventstore::ClaimRecord{reader.fence().epoch, kAcme.value, {}}));
  };
  EXPECT_THAT([&] { copy(scene.log, other, claim); },
              ThrowsMessage<std::runtime_error>(HasSubstr("another process has claimed the log")));
  scene.restart();
  scene.done(create_notes(kOther, 1, 10, "later"));
  EXPECT_THAT(scene.notes(kOther), ElementsAre("note", "later"));
}

TEST(LogCopy, RefusesADestinationWithRecords) {
  WriterScene scene;
  fill(scene);
  scene.end();
  WriterScene other;
  other.end();
  EXPECT_THAT([&] { copy(scene.log, other.log); },
              ThrowsMessage<std::runtime_error>(HasSubstr("the other log holds records already")));
  scene.restart();
}

TEST(LogCopy, EndsNothingWhereTheCopyCannotBeWritten) {
  WriterScene scene;
  fill(scene);
  scene.end();
  MemoryLog other;
  bool is_broken = false;
  EXPECT_THROW(copy(scene.log, other,
                    [&] {
                      if (!std::exchange(is_broken, true)) other.inject(0, eventstore::Fault::kErrorNotWritten);
                    }),
               std::runtime_error);
  scene.restart();
}

TEST(LogCopy, IsRightWhereTheLogWritesARecordTwice) {
  WriterScene scene;
  fill(scene);
  const auto before = commits_of(scene.log);
  scene.end();
  MemoryLog other;
  bool is_doubled = false;
  copy(scene.log, other, [&] {
    if (!std::exchange(is_doubled, true)) other.inject(0, eventstore::Fault::kWrittenTwice);
  });
  EXPECT_TRUE(commits_of(other) == before);
}

}  // namespace
}  // namespace daybook::projections
