#include "consumers/publisher/backlog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace daybook::consumers {
namespace {

const model::WorkspaceId kAcme{*model::Uuid::from_bytes("acme............")};
const model::WorkspaceId kOther{*model::Uuid::from_bytes("other...........")};

using Taken = std::tuple<model::WorkspaceId, std::uint64_t, std::uint64_t>;

std::vector<Taken> take_all(Backlog& backlog, std::uint64_t limit) {
  std::vector<Taken> all;
  while (const auto run = backlog.take(limit)) all.emplace_back(run->workspace, run->first, run->last);
  return all;
}

TEST(Backlog, GivesWorkspacesTheirTurnsAndEachItsEventsInOrder) {
  Backlog backlog;
  backlog.add(kAcme, 1, 5);
  backlog.add(kOther, 8, 8);
  EXPECT_THAT(take_all(backlog, 2),
              testing::ElementsAre(Taken{kAcme, 1, 2}, Taken{kOther, 8, 8}, Taken{kAcme, 3, 4}, Taken{kAcme, 5, 5}));
  EXPECT_EQ(backlog.size(), 6);
}

TEST(Backlog, NewEventsOfAKnownWorkspaceFollowItsOthers) {
  Backlog backlog;
  backlog.add(kAcme, 1, 2);
  take_all(backlog, 10);
  backlog.add(kAcme, 3, 4);
  EXPECT_THAT(take_all(backlog, 10), testing::ElementsAre(Taken{kAcme, 3, 4}));
}

TEST(Backlog, BeforeAnythingIsTakenTheLowestFirstEventHolds) {
  Backlog backlog;
  backlog.add(kAcme, 5, 6);
  backlog.add(kAcme, 2, 4);
  EXPECT_EQ(backlog.size(), 5);
  EXPECT_THAT(take_all(backlog, 10), testing::ElementsAre(Taken{kAcme, 2, 6}));
}

TEST(Backlog, WhatIsPublishedIsForgottenWithItsWorkspace) {
  Backlog backlog;
  backlog.add(kAcme, 1, 2);
  take_all(backlog, 10);
  backlog.published(kAcme, 2);
  EXPECT_EQ(backlog.size(), 0);
  backlog.add(kAcme, 3, 3);
  EXPECT_THAT(take_all(backlog, 10), testing::ElementsAre(Taken{kAcme, 3, 3}));
}

TEST(Backlog, WhatWasTakenAndNotPublishedIsTakenAgain) {
  Backlog backlog;
  backlog.add(kAcme, 1, 4);
  take_all(backlog, 10);
  backlog.published(kAcme, 2);
  backlog.rewind();
  EXPECT_THAT(take_all(backlog, 10), testing::ElementsAre(Taken{kAcme, 3, 4}));
}

TEST(Backlog, WhatIsFoundOnTheTopicIsNotTaken) {
  Backlog backlog;
  backlog.add(kAcme, 3, 6);
  for (const std::uint64_t there : {2, 3, 3, 4}) backlog.found(kAcme, there);
  EXPECT_THAT(take_all(backlog, 10), testing::ElementsAre(Taken{kAcme, 5, 6}));
}

TEST(Backlog, AnEventFoundBehindAHoleIsTakenWithTheHole) {
  Backlog backlog;
  backlog.add(kAcme, 3, 6);
  backlog.found(kAcme, 5);
  EXPECT_THAT(take_all(backlog, 10), testing::ElementsAre(Taken{kAcme, 3, 6}));
}

TEST(Backlog, AMarkPassesWhenEverythingBeforeItIsPublished) {
  Backlog backlog;
  backlog.add(kAcme, 1, 2);
  backlog.add(kOther, 1, 1);
  backlog.set({77, 5});
  backlog.add(kAcme, 3, 9);  // behind it
  take_all(backlog, 10);
  backlog.published(kAcme, 2);
  EXPECT_FALSE(backlog.take_passed());
  backlog.published(kOther, 1);
  const auto mark = backlog.take_passed();
  ASSERT_TRUE(mark);
  EXPECT_EQ(mark->log_offset, 77);
  EXPECT_FALSE(backlog.take_passed());
}

TEST(Backlog, AMarkOverNothingPassesAtOnce) {
  Backlog backlog;
  backlog.set({77, 5});
  EXPECT_TRUE(backlog.take_passed());
}

}  // namespace
}  // namespace daybook::consumers
