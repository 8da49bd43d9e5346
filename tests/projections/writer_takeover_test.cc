#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>

#include "eventstore/codec_record.h"
#include "tests/projections/writer_scene.h"

namespace daybook::projections {
namespace {

using eventstore::Fault;
using eventstore::MemoryLog;
using eventstore::Outcome;
using test::create_notes;
using test::kAcme;
using test::WriterScene;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Kind = Outcome::Kind;

/// Two nodes on one log: `first` has the partition, `second` stands by.
struct WriterTakeover : testing::Test {
  MemoryLog log;
  WriterScene first{{&log, 'a'}};
  WriterScene second{standby('b')};

  WriterScene::Node standby(char instance) { return {&log, instance, std::chrono::milliseconds(60'000), true}; }

  static void until_owner(const WriterScene& scene) {
    while (scene.figures().stands_by) std::this_thread::yield();
  }
  static void until_replaced(const WriterScene& scene) {
    while (!scene.figures().stands_by) std::this_thread::yield();
  }
  void until_read(const WriterScene& scene) {
    while (scene.figures().applied_offset < log.end(0)) std::this_thread::yield();
  }
};

eventstore::Submission note(const char* word) { return create_notes(kAcme, 1, 10, word); }

eventstore::Submission decided(eventstore::Decide decide, model::WorkspaceId workspace = kAcme) {
  eventstore::Submission submission;
  submission.workspace = workspace;
  submission.decide = std::move(decide);
  return submission;
}

eventstore::Submission refused() {
  return decided([](const domain::View&, const domain::Context&) -> domain::Result<eventstore::Decision> {
    return std::unexpected(domain::Rejection{"not_found", "There is none."});
  });
}

eventstore::Submission without_effect() {
  return decided([](const domain::View&, const domain::Context&) -> domain::Result<eventstore::Decision> {
    return eventstore::Decision{};
  });
}

TEST_F(WriterTakeover, WhoStandsByTakesNoCommands) {
  EXPECT_EQ(second.done(note("refused")).kind, Kind::kUnavailable);
  EXPECT_FALSE(second.figures().takes_commands);
  EXPECT_THAT(log.entered(0), SizeIs(1));
}

TEST_F(WriterTakeover, WhoStandsByReadsOn) {
  first.done(note("first"));
  until_read(second);
  EXPECT_THAT(second.notes(kAcme), ElementsAre("first"));
}

TEST_F(WriterTakeover, EveryNodeKnowsTheOwner) {
  EXPECT_EQ(first.owner_address(), "http://a");
  EXPECT_EQ(second.owner_address(), "http://a");
  second.take();
  until_owner(second);
  until_replaced(first);
  EXPECT_EQ(first.owner_address(), "http://b");
  EXPECT_EQ(second.owner_address(), "http://b");
}

// Whoever can write to the log, and no more, takes the partition, and gets nobody's requests.
struct UnknownAddress : WriterTakeover {
  void claim(std::uint64_t previous_epoch, std::optional<eventstore::Hash> mac) {
    log.insert(0, eventstore::write_record(
                      eventstore::ClaimRecord{previous_epoch, kAcme.value, "http://evil", std::move(mac)}));
  }
};

TEST_F(UnknownAddress, IsOneWithoutAMac) {
  claim(0, std::nullopt);
  until_replaced(first);
  EXPECT_EQ(first.owner_address(), "");
}

TEST_F(UnknownAddress, IsOneWithTheMacOfAnother) {
  claim(0, first.keyring.addresses().mac("http://a"));
  until_replaced(first);
  EXPECT_EQ(first.owner_address(), "");
}

TEST_F(UnknownAddress, StaysUnknownToAStateThatIsPastItsClaim) {
  claim(0, std::nullopt);
  until_read(second);
  second.restart();
  EXPECT_EQ(second.owner_address(), "");
}

TEST_F(WriterTakeover, TheOwnerIsKnownToAStateThatIsPastItsClaim) {
  first.done(note("first"));
  until_read(second);
  second.restart();
  EXPECT_EQ(second.owner_address(), "http://a");
}

TEST_F(WriterTakeover, WhoIsToHaveThePartitionTakesIt) {
  first.done(note("first"));
  second.take();
  until_owner(second);
  EXPECT_EQ(second.done(note("second")).position, 2U);
  until_replaced(first);
  until_read(first);
  EXPECT_THAT(first.notes(kAcme), ElementsAre("first", "second"));
  EXPECT_EQ(first.done(note("third")).kind, Kind::kUnavailable);
}

TEST_F(WriterTakeover, ItsCommandsWaitForTheClaim) {
  log.hold(0);
  second.take();
  while (log.held(0) < 1) std::this_thread::yield();
  auto early = second.send(note("early"));
  log.resume(0);
  EXPECT_EQ(early.get().kind, Kind::kCommitted);
}

TEST_F(WriterTakeover, ItIsToldOnceTheClaimIsRead) {
  std::promise<void> taken;
  second.on_taken = [&] { taken.set_value(); };
  second.take();
  taken.get_future().wait();
  EXPECT_TRUE(second.figures().takes_commands);
}

TEST_F(WriterTakeover, WhatTheOwnerHasPendingIsNotDone) {
  log.hold(0);
  auto pending = first.send(note("pending"));
  while (log.held(0) < 1) std::this_thread::yield();
  log.insert(0, eventstore::write_record(eventstore::ClaimRecord{
                    log.entered(0).back(), *model::Uuid::from_bytes("bbbbbbbbbbbbbbbb"), "http://b"}));
  EXPECT_EQ(pending.get().kind, Kind::kUnavailable);
  log.resume(0);
  until_read(second);
  EXPECT_THAT(second.notes(kAcme), IsEmpty());
}

TEST_F(WriterTakeover, APartitionGoesBackAndForth) {
  for (int round = 0; round < 5; ++round) {
    first.leave();
    second.take();
    until_owner(second);
    EXPECT_EQ(second.done(note("second")).kind, Kind::kCommitted);
    until_replaced(first);
    second.leave();
    first.take();
    until_owner(first);
    EXPECT_EQ(first.done(note("first")).kind, Kind::kCommitted);
    until_replaced(second);
  }
  until_read(second);
  EXPECT_THAT(second.notes(kAcme), SizeIs(10));
  EXPECT_THAT(second.damaged(), IsEmpty());
}

TEST_F(WriterTakeover, AnAnswerWithoutARecordIsTheOwners) {
  EXPECT_EQ(first.done(refused()).rejection.code, "not_found");
  EXPECT_EQ(first.done(without_effect()).kind, Kind::kUnchanged);
}

// It slept, or its brokers are away: what it knows is old, and what it decides over that means nothing.
TEST_F(WriterTakeover, WhoWasReplacedUnawaresAnswersNothing) {
  first.done(note("first"));
  until_read(second);
  log.set_readable(false);
  log.insert(0, eventstore::write_record(eventstore::ClaimRecord{
                    log.entered(0).back(), *model::Uuid::from_bytes("bbbbbbbbbbbbbbbb"), "http://b"}));
  auto refusal = first.send(refused());
  auto unchanged = first.send(without_effect());
  EXPECT_EQ(refusal.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  EXPECT_EQ(unchanged.wait_for(std::chrono::milliseconds(0)), std::future_status::timeout);
  log.set_readable(true);
  EXPECT_EQ(refusal.get().kind, Kind::kUnavailable);
  EXPECT_EQ(unchanged.get().kind, Kind::kUnavailable);
}

// Its decider is busy and hears of nothing, and another node goes on in the workspace.
TEST_F(WriterTakeover, WhatTheNextOwnerWritesIsNotFoldedIntoTheMiddleOfABigCommand) {
  std::promise<void> folding;
  std::promise<void> fold_on;
  first.projector.after_slice = [&, slices = 0]() mutable {
    if (++slices > 1) return;
    folding.set_value();
    fold_on.get_future().wait();
  };
  auto big = first.send(create_notes(kAcme, 20, 60'000));
  folding.get_future().wait();
  std::promise<void> is_busy;
  std::promise<void> decide_on;
  auto busy = first.send(decided(
      [&](const domain::View&, const domain::Context&) -> domain::Result<eventstore::Decision> {
        is_busy.set_value();
        decide_on.get_future().wait();
        return eventstore::Decision{};
      },
      test::kOther));
  is_busy.get_future().wait();
  second.take();
  until_owner(second);
  EXPECT_EQ(second.done(note("after")).position, 21U);

  fold_on.set_value();
  EXPECT_EQ(big.get().kind, Kind::kCommitted);
  until_read(first);
  decide_on.set_value();
  EXPECT_EQ(busy.get().kind, Kind::kUnavailable);
  EXPECT_EQ(first.all_rows(), second.all_rows());
  EXPECT_THAT(first.damaged(), IsEmpty());
}

// Both are told to have it, which lasts as long as one of them hears late of the other.
TEST_F(WriterTakeover, WhoIsWantedClaimsOnTheClaimOfAnother) {
  first.take();
  second.take();
  until_replaced(first);
  until_owner(first);
  second.leave();
  while (first.done(note("first")).kind != Kind::kCommitted) std::this_thread::yield();
}

TEST_F(WriterTakeover, WhoIsNotWantedAnyMoreStopsClaiming) {
  log.hold(0);
  second.take();
  while (log.held(0) < 1) std::this_thread::yield();
  second.leave();
  log.reopen_session(0);  // its claim is lost
  log.resume(0);
  EXPECT_EQ(second.done(note("refused")).kind, Kind::kUnavailable);
  EXPECT_EQ(first.done(note("first")).kind, Kind::kCommitted);
}

TEST_F(WriterTakeover, AClaimThatIsNotWrittenIsRepeated) {
  log.inject(0, Fault::kErrorNotWritten);
  second.take();
  until_owner(second);
  EXPECT_EQ(second.done(note("second")).kind, Kind::kCommitted);
}

TEST_F(WriterTakeover, ABigCommandOfTheOwnerIsFoldedFirst) {
  EXPECT_EQ(first.done(create_notes(kAcme, 20, 60'000)).position, 20U);
  second.take();
  until_owner(second);
  EXPECT_EQ(second.done(note("after")).position, 21U);
}

TEST_F(WriterTakeover, WhoLeavesWaitsForTheClaimOfAnother) {
  first.leave();
  second.take();
  first.wait_until_replaced(std::chrono::milliseconds(60'000));
  EXPECT_EQ(first.owner_address(), "http://b");
}

TEST_F(WriterTakeover, WhoLeavesWaitsNoLongerThanItIsTold) {
  first.leave();
  first.wait_until_replaced(std::chrono::milliseconds(1));
  EXPECT_EQ(first.owner_address(), "http://a");
}

TEST_F(WriterTakeover, WhoLeavesWritesOnUntilItIsReplaced) {
  first.take();
  first.leave();
  EXPECT_EQ(first.done(note("first")).kind, Kind::kCommitted);
}

TEST_F(WriterTakeover, ANodeThatStopsWhileItClaimsEnds) {
  log.hold(0);
  second.take();
  while (log.held(0) < 1) std::this_thread::yield();
  second.end();
  log.resume(0);
}

TEST(WriterOfAnEmptyLog, StandsByAndTakesIt) {
  MemoryLog log;
  WriterScene only({&log, 'a', std::chrono::milliseconds(60'000), true});
  EXPECT_EQ(only.owner_address(), "");
  only.take();
  EXPECT_EQ(only.done(note("first")).kind, Kind::kCommitted);
}

}  // namespace
}  // namespace daybook::projections
