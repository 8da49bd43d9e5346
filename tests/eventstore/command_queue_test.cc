#include "eventstore/command_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace daybook::eventstore {
namespace {

using testing::ElementsAre;

const model::WorkspaceId kA{*model::Uuid::from_bytes("aaaaaaaaaaaaaaaa")};
const model::WorkspaceId kB{*model::Uuid::from_bytes("bbbbbbbbbbbbbbbb")};

Submission command(model::WorkspaceId workspace, const char* name) {
  Submission submission;
  submission.workspace = workspace;
  submission.origin = name;
  return submission;
}

std::vector<std::string> taken(CommandQueue& queue) {
  std::vector<std::string> names;
  while (!queue.empty()) names.push_back(queue.pop().origin);
  return names;
}

TEST(CommandQueue, GivesWorkspacesTurns) {
  CommandQueue queue;
  for (const char* name : {"a1", "a2", "a3"}) queue.push(command(kA, name));
  queue.push(command(kB, "b1"));
  EXPECT_EQ(queue.size(), 4U);
  EXPECT_THAT(taken(queue), ElementsAre("a1", "b1", "a2", "a3"));
  EXPECT_EQ(queue.size(), 0U);
}

TEST(CommandQueue, LetsOneRunHaveAWorkspace) {
  CommandQueue queue;
  EXPECT_TRUE(queue.hold(kA, {1, true}));
  EXPECT_TRUE(queue.hold(kA, {1, true}));
  EXPECT_FALSE(queue.hold(kA, {2, true}));
  EXPECT_TRUE(queue.hold(kB, {2, true}));
  queue.let_go(kA);
  EXPECT_FALSE(queue.held(kA).has_value());
  EXPECT_TRUE(queue.hold(kA, {3, false}));
}

TEST(CommandQueue, GoesOnWithWhatStoodAsideInItsOrder) {
  CommandQueue queue;
  queue.hold(kA, {1, true});
  queue.stand_aside(command(kA, "a1"));
  queue.stand_aside(command(kA, "a2"));
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.size(), 2U);
  queue.push(command(kA, "a3"));
  queue.let_go(kA);
  EXPECT_THAT(taken(queue), ElementsAre("a1", "a2", "a3"));
}

TEST(CommandQueue, GivesAllBackAtOnce) {
  CommandQueue queue;
  queue.push(command(kA, "a1"));
  queue.stand_aside(command(kB, "b1"));
  EXPECT_EQ(queue.take_all().size(), 2U);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.size(), 0U);
}

}  // namespace
}  // namespace daybook::eventstore
