#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "eventstore/codec_record.h"
#include "tests/projections/writer_scene.h"

namespace daybook::projections {
namespace {

using eventstore::Fault;
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
using Kind = Outcome::Kind;

/// A writer over a log that goes on after an unknown outcome, as Kafka's does.
struct WriterRecovery : testing::Test {
  WriterScene scene{WriterScene::Node{}};

  void until_held(std::size_t count) {
    while (scene.log.held(0) < count) std::this_thread::yield();
  }
  // As another process would write it, on the epoch of this one.
  void claim_of_another() {
    scene.log.insert(0, eventstore::write_record(eventstore::ClaimRecord{
                            scene.log.entered(0).back(), *model::Uuid::from_bytes("another process."), "elsewhere"}));
  }
  void until_replaced() {
    while (!scene.figures().stands_by) std::this_thread::yield();
  }
};

Submission note(const char* word) { return create_notes(kAcme, 1, 10, word); }

Submission note(const char* word, char key) {
  Submission submission = note(word);
  submission.idempotency = key_of(key);
  return submission;
}

// Nothing to change; how many notes it saw stands in the answer.
Submission count_notes() {
  Submission submission;
  submission.workspace = kAcme;
  submission.decide = [](const domain::View& view, const domain::Context&) -> domain::Result<eventstore::Decision> {
    std::size_t count = 0;
    view.for_each(domain::kind_of<v1::Note>(), [&](const model::Uuid&, std::string_view) { return ++count > 0; });
    return eventstore::Decision{{}, {200, 0, {}, std::to_string(count)}};
  };
  return submission;
}

TEST_F(WriterRecovery, WhatWasWrittenThoughReportedUnknownIsDone) {
  scene.log.inject(0, Fault::kErrorThoughWritten);
  const Outcome outcome = scene.done(note("first"));
  EXPECT_EQ(outcome.kind, Kind::kCommitted);
  EXPECT_EQ(outcome.position, 1U);
  EXPECT_EQ(scene.done(note("second")).position, 2U);
  EXPECT_THAT(scene.notes(kAcme), ElementsAre("first", "second"));
}

TEST_F(WriterRecovery, WhatWasNotWrittenIsNotDone) {
  scene.log.inject(0, Fault::kErrorNotWritten);
  const Outcome outcome = scene.done(note("first"));
  EXPECT_EQ(outcome.kind, Kind::kUnavailable);
  EXPECT_EQ(outcome.rejection.code, "unavailable");
  EXPECT_EQ(scene.done(note("second")).position, 1U);
  EXPECT_THAT(scene.notes(kAcme), ElementsAre("second"));
}

TEST_F(WriterRecovery, EveryPendingCommandIsDecided) {
  scene.log.hold(0);
  auto first = scene.send(note("first"));
  until_held(1);
  scene.log.inject(0, Fault::kErrorThoughWritten);
  auto second = scene.send(note("second"));
  until_held(2);
  auto third = scene.send(note("third"));
  until_held(3);
  scene.log.resume(0);
  EXPECT_EQ(first.get().kind, Kind::kCommitted);
  EXPECT_EQ(second.get().kind, Kind::kCommitted);
  EXPECT_EQ(third.get().kind, Kind::kUnavailable);
  EXPECT_EQ(scene.done(note("fourth")).position, 3U);
  EXPECT_THAT(scene.notes(kAcme), ElementsAre("first", "second", "fourth"));
}

TEST_F(WriterRecovery, OtherWorkspacesGoOn) {
  scene.log.inject(0, Fault::kErrorNotWritten);
  scene.done(note("first"));
  EXPECT_EQ(scene.done(create_notes(kOther, 1, 10)).kind, Kind::kCommitted);
}

TEST_F(WriterRecovery, ALateRecordOfTheSessionBeforeIsNone) {
  scene.done(note("first"));
  const std::string record = scene.log.read(0, 1)->next(std::chrono::milliseconds(0))->bytes;
  scene.log.inject(0, Fault::kErrorNotWritten);
  scene.done(note("lost"));
  scene.log.insert(0, record);
  EXPECT_EQ(scene.done(note("second")).position, 2U);
  EXPECT_THAT(scene.damaged(), IsEmpty());
}

TEST_F(WriterRecovery, AnAnswerThatRestsOnADeadCommandIsNotGiven) {
  scene.log.hold(0);
  scene.log.inject(0, Fault::kErrorNotWritten);
  auto first = scene.send(note("first"));
  auto count = scene.send(count_notes());
  auto last = scene.send(note("last"));
  until_held(2);  // so the answer between them waits
  scene.log.resume(0);
  EXPECT_EQ(first.get().kind, Kind::kUnavailable);
  EXPECT_EQ(count.get().kind, Kind::kUnavailable);
  EXPECT_EQ(last.get().kind, Kind::kUnavailable);
}

TEST_F(WriterRecovery, AnAnswerThatRestsOnALivingCommandIsGiven) {
  scene.log.hold(0);
  scene.log.inject(0, Fault::kErrorThoughWritten);
  auto first = scene.send(note("first"));
  auto count = scene.send(count_notes());
  auto last = scene.send(note("last"));
  until_held(2);
  scene.log.resume(0);
  EXPECT_EQ(first.get().kind, Kind::kCommitted);
  const Outcome counted = count.get();
  EXPECT_EQ(counted.kind, Kind::kUnchanged);
  EXPECT_EQ(counted.answer.extra, "1");
  EXPECT_EQ(last.get().kind, Kind::kUnavailable);
}

TEST_F(WriterRecovery, LaterDecisionsDoNotSeeDeadCommands) {
  scene.log.inject(0, Fault::kErrorNotWritten);
  scene.done(note("first"));
  EXPECT_EQ(scene.done(count_notes()).answer.extra, "0");
}

TEST_F(WriterRecovery, ADeadCommandCanBeRepeatedUnderItsKey) {
  scene.log.inject(0, Fault::kErrorNotWritten);
  EXPECT_EQ(scene.done(note("first", 'k')).kind, Kind::kUnavailable);
  EXPECT_EQ(scene.done(note("first", 'k')).kind, Kind::kCommitted);
  EXPECT_THAT(scene.notes(kAcme), ElementsAre("first"));
}

TEST_F(WriterRecovery, ALivingCommandIsReplayedUnderItsKey) {
  scene.log.inject(0, Fault::kErrorThoughWritten);
  EXPECT_EQ(scene.done(note("first", 'k')).kind, Kind::kCommitted);
  EXPECT_EQ(scene.done(note("first", 'k')).kind, Kind::kReplayed);
}

TEST_F(WriterRecovery, KeysOfADeadRecordAreStoredWithTheNext) {
  scene.log.inject(0, Fault::kErrorNotWritten);
  scene.done(note("first"));
  EXPECT_EQ(scene.log.find_key(eventstore::key_row_name(kAcme, {})), std::nullopt);
  scene.done(note("second"));
  EXPECT_NE(scene.log.find_key(eventstore::key_row_name(kAcme, {})), std::nullopt);
  WriterScene next({&scene.log, 'b'});
  EXPECT_THAT(next.notes(kAcme), ElementsAre("second"));
  EXPECT_THAT(next.damaged(), IsEmpty());
}

TEST_F(WriterRecovery, AClaimThatIsNotWrittenIsRepeated) {
  scene.log.inject(0, Fault::kErrorNotWritten);
  scene.log.inject(0, Fault::kErrorNotWritten);
  EXPECT_EQ(scene.done(note("first")).kind, Kind::kUnavailable);
  EXPECT_EQ(scene.done(note("second")).kind, Kind::kCommitted);
}

TEST_F(WriterRecovery, AClaimThatIsWrittenThoughReportedUnknownCounts) {
  scene.log.inject(0, Fault::kErrorNotWritten);
  scene.log.inject(0, Fault::kErrorThoughWritten);
  EXPECT_EQ(scene.done(note("first")).kind, Kind::kUnavailable);
  EXPECT_EQ(scene.done(note("second")).kind, Kind::kCommitted);
  EXPECT_THAT(scene.notes(kAcme), ElementsAre("second"));
}

TEST_F(WriterRecovery, AnAcknowledgementThatIsLateHarmsNothing) {
  scene.log.inject(0, Fault::kAckLate);
  EXPECT_EQ(scene.done(note("first")).kind, Kind::kCommitted);
  scene.log.release_late(0);
  EXPECT_EQ(scene.done(note("second")).kind, Kind::kCommitted);
  EXPECT_THAT(scene.log.entered(0), SizeIs(1));
}

TEST_F(WriterRecovery, TheLogIsToldOfEachClaim) {
  scene.log.inject(0, Fault::kErrorThoughWritten);
  scene.done(note("first"));
  scene.done(note("second"));
  EXPECT_THAT(scene.log.entered(0), ElementsAre(0, 2));
}

TEST_F(WriterRecovery, ItsEndIsTold) {
  std::promise<void> recovered;
  scene.on_taken = [&] { recovered.set_value(); };
  scene.log.inject(0, Fault::kErrorNotWritten);
  EXPECT_EQ(scene.done(note("first")).kind, Kind::kUnavailable);
  recovered.get_future().wait();
  EXPECT_TRUE(scene.figures().takes_commands);
}

TEST_F(WriterRecovery, OfABigCommandNothingIsLeft) {
  scene.log.inject(0, Fault::kErrorThoughWritten);
  EXPECT_EQ(scene.done(create_notes(kAcme, 20, 60'000)).kind, Kind::kUnavailable);
  EXPECT_EQ(scene.parts(), 1U);
  EXPECT_THAT(scene.notes(kAcme), IsEmpty());
  EXPECT_EQ(scene.done(create_notes(kAcme, 20, 60'000)).position, 20U);
  EXPECT_EQ(scene.done(note("after")).position, 21U);
}

TEST_F(WriterRecovery, ABigCommandWhoseCommitCameBackIsDone) {
  scene.log.hold(0);
  auto big = scene.send(create_notes(kAcme, 20, 60'000));
  until_held(5);
  scene.log.inject(0, Fault::kErrorNotWritten);
  auto other = scene.send(create_notes(kOther, 1, 10));
  until_held(6);
  scene.log.resume(0);
  EXPECT_EQ(big.get().kind, Kind::kCommitted);
  EXPECT_EQ(other.get().kind, Kind::kUnavailable);
  EXPECT_EQ(scene.done(note("after")).position, 21U);
}

TEST_F(WriterRecovery, AfterAnothersClaimCommandsAreUnavailable) {
  scene.done(note("first"));
  claim_of_another();
  until_replaced();
  EXPECT_EQ(scene.done(note("second")).kind, Kind::kUnavailable);
  EXPECT_FALSE(scene.figures().takes_commands);
  EXPECT_THAT(scene.log.entered(0), SizeIs(1));  // it does not claim again
}

TEST_F(WriterRecovery, WhatIsPendingAtAnothersClaimIsNotDone) {
  scene.log.hold(0);
  auto first = scene.send(note("first"));
  until_held(1);
  claim_of_another();
  EXPECT_EQ(first.get().kind, Kind::kUnavailable);
  scene.log.resume(0);  // the record lands, too late
  EXPECT_EQ(scene.done(note("second")).kind, Kind::kUnavailable);
  EXPECT_THAT(scene.notes(kAcme), IsEmpty());
}

TEST_F(WriterRecovery, WhileItClaimsAgainAnotherMayBeFaster) {
  scene.log.hold(0);
  scene.log.inject(0, Fault::kErrorNotWritten);
  auto first = scene.send(note("first"));
  until_held(1);
  scene.log.deliver(0, 1);
  until_held(1);  // its new claim
  claim_of_another();
  until_replaced();
  EXPECT_EQ(first.get().kind, Kind::kUnavailable);
  scene.log.resume(0);
  EXPECT_EQ(scene.done(note("second")).kind, Kind::kUnavailable);
}

TEST_F(WriterRecovery, TheOneThatWasReplacedFollowsTheOther) {
  scene.done(note("first"));
  WriterScene other({&scene.log, 'b'});
  EXPECT_EQ(other.done(note("second")).position, 2U);
  until_replaced();
  while (scene.figures().applied_offset < scene.log.end(0)) std::this_thread::yield();
  EXPECT_THAT(scene.notes(kAcme), ElementsAre("first", "second"));
}

TEST_F(WriterRecovery, AClientThatWaitsTooLongIsToldSo) {
  WriterScene impatient({&scene.log, 'b', std::chrono::milliseconds(0)});
  scene.log.hold(0);
  Submission command = note("first", 'k');
  command.has_client = true;
  auto first = impatient.send(command);
  auto second = impatient.send(note("second"));
  EXPECT_EQ(first.get().kind, Kind::kUnknown);
  scene.log.resume(0);
  EXPECT_EQ(second.get().kind, Kind::kCommitted);  // nobody waits: certainty counts more
  EXPECT_EQ(impatient.done(command).kind, Kind::kReplayed);
}

TEST_F(WriterRecovery, WhatIsNotHandedOutIsReadLater) {
  scene.log.set_readable(false);
  auto first = scene.send(note("first"));
  auto second = scene.send(note("second"));
  while (scene.log.end(0) < 3) std::this_thread::yield();
  scene.log.set_readable(true);
  EXPECT_EQ(first.get().kind, Kind::kCommitted);
  EXPECT_EQ(second.get().kind, Kind::kCommitted);
  EXPECT_THAT(scene.notes(kAcme), ElementsAre("first", "second"));
}

TEST_F(WriterRecovery, WhileTheLogIsOutOfReachNothingIsBegun) {
  scene.log.set_health(eventstore::Health::kUnreachable);
  EXPECT_EQ(scene.done(note("first")).kind, Kind::kUnavailable);
  scene.log.set_health(eventstore::Health::kOk);
  EXPECT_EQ(scene.done(note("second")).position, 1U);
}

TEST(WriterEnd, DoesNotWaitForALogThatIsOutOfReach) {
  WriterScene scene({nullptr, 'a', std::chrono::milliseconds(0)});
  scene.log.hold(0);
  scene.log.inject(0, Fault::kErrorNotWritten);
  auto first = scene.send(note("first"));
  while (scene.log.held(0) < 1) std::this_thread::yield();
  scene.end();
  EXPECT_EQ(first.get().kind, Kind::kUnknown);
  scene.log.resume(0);  // its report comes when nobody is there to hear it
}

TEST_F(WriterRecovery, AStopBeforeTheClaimLeavesItUnknown) {
  scene.log.hold(0);
  scene.log.inject(0, Fault::kErrorThoughWritten);
  auto first = scene.send(note("first"));
  auto second = scene.send(note("second"));
  until_held(2);
  scene.log.deliver(0, 2);
  until_held(1);  // its new claim
  EXPECT_EQ(first.get().kind, Kind::kCommitted);
  scene.end();
  EXPECT_EQ(second.get().kind, Kind::kUnknown);
}

}  // namespace
}  // namespace daybook::projections
