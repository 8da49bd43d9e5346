#include "eventstore/big_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "tests/projections/writer_scene.h"

namespace daybook::projections {
namespace {

using eventstore::Outcome;
using eventstore::Submission;
using test::create_notes;
using test::kAcme;
using test::key_of;
using test::kOther;
using test::WriterScene;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::size_t kLong = 60'000;  // bytes of a note, so that twenty come to four parts and a commit
constexpr std::uint64_t kRecords = 5;

TEST(BigCommand, OfAnyKindIsCommittedInPartsWhereItsEventsDoNotFitIntoOneRecord) {
  WriterScene scene;
  const Outcome outcome = scene.done(create_notes(kAcme, 20, kLong));
  EXPECT_EQ(outcome.kind, Outcome::Kind::kCommitted);
  EXPECT_EQ(outcome.position, 20U);
  EXPECT_EQ(outcome.answer.extra, "\"made\":true");
  EXPECT_EQ(scene.parts(), kRecords - 1);
  EXPECT_THAT(scene.notes(kAcme), SizeIs(20));
}

TEST(BigCommand, IsOneRecordWhereItFits) {
  WriterScene scene;
  scene.done(create_notes(kAcme, 7, kLong));
  EXPECT_EQ(scene.parts(), 0U);
}

TEST(BigCommand, IsSeenByNobodyWhileItIsFolded) {
  WriterScene scene;
  scene.done(create_notes(kAcme, 1, 10));
  std::vector<std::size_t> seen;
  scene.projector.after_slice = [&] { seen.push_back(scene.notes(kAcme).size()); };
  scene.done(create_notes(kAcme, 20, kLong));
  EXPECT_THAT(seen, ElementsAre(1, 1, 1, 1, 21));
}

// The process dies when the log has taken so many of its records.
class BigCommandCutOff : public testing::TestWithParam<std::uint64_t> {};

TEST_P(BigCommandCutOff, HasHappenedWholeOrNotAtAll) {
  WriterScene scene;
  scene.done(create_notes(kAcme, 1, 10, "before"));
  scene.log.hold(0);
  Submission command = create_notes(kAcme, 20, kLong);
  command.idempotency = key_of('k');
  auto outcome = scene.send(command);
  while (scene.log.held(0) < kRecords) std::this_thread::yield();
  scene.log.deliver(0, GetParam());
  const bool all = GetParam() == kRecords;
  if (all) outcome.wait();  // or its end would come before its answer
  scene.restart();
  EXPECT_EQ(outcome.get().kind, all ? Outcome::Kind::kCommitted : Outcome::Kind::kUnknown);
  EXPECT_THAT(scene.notes(kAcme), SizeIs(all ? 21 : 1));

  const Outcome again = scene.done(command);
  EXPECT_EQ(again.kind, all ? Outcome::Kind::kReplayed : Outcome::Kind::kCommitted);
  EXPECT_EQ(again.position, 21U);
  EXPECT_THAT(scene.notes(kAcme), SizeIs(21));
}

INSTANTIATE_TEST_SUITE_P(Records, BigCommandCutOff, testing::Range(std::uint64_t{0}, kRecords + 1));

// The process dies when so many slices are folded.
class BigFoldCutOff : public testing::TestWithParam<int> {};

TEST_P(BigFoldCutOff, IsFoldedToItsEndAtTheNextStart) {
  WriterScene scene;
  int slices = 0;
  scene.projector.after_slice = [&] {
    if (++slices == GetParam()) throw std::runtime_error("the disk is gone");
  };
  EXPECT_EQ(scene.done(create_notes(kAcme, 20, kLong)).kind, Outcome::Kind::kUnknown);
  scene.projector.after_slice = nullptr;
  scene.state.unpin(kAcme);  // pins die with the process
  scene.restart();
  EXPECT_THAT(scene.notes(kAcme), SizeIs(20));
  EXPECT_EQ(scene.done(create_notes(kAcme, 1, 10)).position, 21U);
}

INSTANTIATE_TEST_SUITE_P(Slices, BigFoldCutOff, testing::Range(1, static_cast<int>(kRecords) + 1));

TEST(BigCommand, IsReplayedByItsIdempotencyKey) {
  WriterScene scene;
  Submission command = create_notes(kAcme, 20, kLong);
  command.idempotency = key_of('k');
  const Outcome first = scene.done(command);
  const std::uint64_t records = scene.records();
  const Outcome second = scene.done(command);
  EXPECT_EQ(second.kind, Outcome::Kind::kReplayed);
  EXPECT_EQ(second.answer, first.answer);
  EXPECT_EQ(second.position, first.position);
  EXPECT_EQ(scene.records(), records);
}

TEST(BigCommand, SentTwiceUnderOneKeyHappensOnce) {
  WriterScene scene;
  Submission command = create_notes(kAcme, 20, kLong);
  command.idempotency = key_of('k');
  scene.log.hold(0);
  auto small = scene.send(create_notes(kAcme, 1, 10));  // both are decided before it is effective
  auto first = scene.send(command);
  auto second = scene.send(command);
  while (scene.log.held(0) == 0) std::this_thread::yield();
  scene.log.resume(0);
  EXPECT_EQ(small.get().kind, Outcome::Kind::kCommitted);
  EXPECT_EQ(first.get().kind, Outcome::Kind::kCommitted);
  EXPECT_EQ(second.get().kind, Outcome::Kind::kReplayed);
  EXPECT_THAT(scene.notes(kAcme), SizeIs(21));
}

TEST(BigCommand, IsDecidedAgainOverWhatWasPendingBefore) {
  WriterScene scene;
  int decisions = 0;
  Submission command = create_notes(kAcme, 20, kLong);
  command.decide = [&, decide = command.decide](
                       const domain::View& view,
                       const domain::Context& context) -> domain::Result<eventstore::Decision> {
    if (++decisions == 2) return domain::reject("in_use", "Somebody was faster.");
    return decide(view, context);
  };
  const Outcome outcome = scene.done(command);
  EXPECT_EQ(decisions, 2);
  EXPECT_EQ(outcome.kind, Outcome::Kind::kRejected);
  EXPECT_EQ(outcome.rejection.code, "in_use");
  EXPECT_EQ(scene.parts(), 0U);
  EXPECT_THAT(scene.notes(kAcme), IsEmpty());
}

TEST(BigCommand, AsADryRunShowsItsEventsAndWritesNothing) {
  WriterScene scene;
  const std::uint64_t records = scene.records();
  Submission command = create_notes(kAcme, 20, kLong);
  command.dry_run = true;
  const Outcome outcome = scene.done(command);
  EXPECT_EQ(outcome.kind, Outcome::Kind::kDryRun);
  EXPECT_THAT(outcome.events, SizeIs(20));
  EXPECT_EQ(scene.records(), records);
}

TEST(BigCommand, IsFoldedLaterWhereItsPartsAreNotHandedOut) {
  WriterScene scene;
  scene.log.hold(0);
  auto big = scene.send(create_notes(kAcme, 20, kLong));
  while (scene.log.held(0) < kRecords) std::this_thread::yield();
  scene.log.refuse_to_read_again(2);
  scene.log.resume(0);
  EXPECT_EQ(big.get().kind, Outcome::Kind::kCommitted);
  EXPECT_THAT(scene.notes(kAcme), SizeIs(20));
}

TEST(BigCommand, LetsTheCommandsOfItsWorkspaceWait) {
  WriterScene scene;
  scene.log.hold(0);
  auto big = scene.send(create_notes(kAcme, 20, kLong));
  while (scene.log.held(0) < kRecords) std::this_thread::yield();
  auto small = scene.send(create_notes(kAcme, 1, 10));
  auto elsewhere = scene.send(create_notes(kOther, 1, 10));
  while (scene.log.held(0) < kRecords + 1) std::this_thread::yield();
  scene.log.resume(0);
  EXPECT_EQ(big.get().position, 20U);
  EXPECT_EQ(small.get().position, 21U);
  EXPECT_EQ(elsewhere.get().position, 1U);
}

TEST(BigCommand, WithOneEventThatNoRecordHoldsIsTooLarge) {
  WriterScene scene;
  const Outcome outcome = scene.done(create_notes(kAcme, 1, 600'000));
  EXPECT_EQ(outcome.kind, Outcome::Kind::kRejected);
  EXPECT_EQ(outcome.rejection.code, "too_large");
  EXPECT_EQ(scene.done(create_notes(kAcme, 1, 10)).position, 1U);
}

// Makes a note a step, after a look at those there are; ends with the third.
class ThreeNotes final : public eventstore::BigCommand {
 public:
  domain::Result<Step> step(const domain::View& view, const domain::Context& context) override {
    std::size_t notes = 0;
    view.for_each(domain::kind_of<v1::Note>(), [&](const model::Uuid&, std::string_view) { return ++notes > 0; });
    seen.push_back(notes);
    if (before_step) before_step(seen.size());
    return Step{test::new_notes(1, kLong, context, "imported"), seen.size() == 3, {200, 0, {}, {}}};
  }
  std::vector<std::size_t> seen;
  std::function<void(std::size_t)> before_step;
};

Submission import_of(const std::shared_ptr<ThreeNotes>& command) {
  Submission submission;
  submission.workspace = kAcme;
  submission.big = command;
  return submission;
}

TEST(ImportByTheWriter, SeesInEachStepWhatTheStepsBeforeDid) {
  WriterScene scene;
  scene.done(create_notes(kAcme, 1, 10));
  const auto import = std::make_shared<ThreeNotes>();
  EXPECT_EQ(scene.done(import_of(import)).position, 4U);
  EXPECT_THAT(import->seen, ElementsAre(1, 2, 3));
  scene.done(create_notes(kOther, 1, 10));  // decided when the import is put away
  EXPECT_TRUE(std::filesystem::is_empty(scene.directory.path() / "staging"));
}

TEST(ImportByTheWriter, RefusesOtherCommandsOfItsWorkspaceButThoseThatEndIt) {
  WriterScene scene;
  const auto import = std::make_shared<ThreeNotes>();
  std::future<Outcome> refused;
  std::future<Outcome> closing;
  std::future<Outcome> elsewhere;
  import->before_step = [&](std::size_t step) {
    if (step != 2) return;
    Submission command = create_notes(kAcme, 1, 10);
    refused = scene.send(command);
    command.is_closing = true;
    closing = scene.send(command);
    elsewhere = scene.send(create_notes(kOther, 1, 10));
  };
  EXPECT_EQ(scene.done(import_of(import)).position, 3U);
  EXPECT_EQ(refused.get().kind, Outcome::Kind::kUnavailable);
  EXPECT_EQ(closing.get().position, 4U);
  EXPECT_EQ(elsewhere.get().position, 1U);
}

TEST(ImportByTheWriter, EndsWithoutEffectWhereTheDiskBecomesFull) {
  WriterScene scene;
  const auto import = std::make_shared<ThreeNotes>();
  std::future<Outcome> closing;
  import->before_step = [&](std::size_t step) {
    if (step != 2) return;
    scene.log.set_health(eventstore::Health::kDiskFull);
    Submission command = create_notes(kAcme, 1, 10, "closing");
    command.is_closing = true;
    closing = scene.send(command);
  };
  EXPECT_EQ(scene.done(import_of(import)).kind, Outcome::Kind::kDiskFull);
  EXPECT_EQ(closing.get().kind, Outcome::Kind::kCommitted);
  EXPECT_THAT(scene.notes(kAcme), ElementsAre("closing"));
  EXPECT_EQ(scene.done(create_notes(kAcme, 1, 10)).kind, Outcome::Kind::kDiskFull);
  scene.log.set_health(eventstore::Health::kOk);
  EXPECT_EQ(scene.done(create_notes(kAcme, 1, 10)).kind, Outcome::Kind::kCommitted);
}

TEST(ImportByTheWriter, GivesWayToABigCommandOfAnotherWorkspace) {
  WriterScene scene;
  const auto import = std::make_shared<ThreeNotes>();
  std::future<Outcome> big;
  std::vector<std::size_t> elsewhere;
  import->before_step = [&](std::size_t step) {
    if (step == 1) big = scene.send(create_notes(kOther, 20, kLong));
  };
  EXPECT_EQ(scene.done(import_of(import)).kind, Outcome::Kind::kCommitted);
  EXPECT_EQ(big.get().kind, Outcome::Kind::kCommitted);
  EXPECT_THAT(scene.notes(kAcme), SizeIs(3));
  EXPECT_THAT(scene.notes(kOther), SizeIs(20));
}

}  // namespace
}  // namespace daybook::projections
