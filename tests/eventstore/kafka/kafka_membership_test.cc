#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "eventstore/kafka/membership.h"
#include "tests/eventstore/kafka/kafka_scene.h"

namespace daybook::eventstore::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

using Partitions = std::set<std::uint32_t>;

AddressSeal seal_of(char fill) { return AddressSeal(*Key::from_bytes(std::string(Key::kSize, fill))); }

/// A node of the group that a test waits for.
class Node {
 public:
  Node(const KafkaOptions& kafka, std::string url, char master = 'm')
      : membership_(kafka, seal_of(master), {std::move(url), [this](const Partitions& partitions) {
                                               const std::lock_guard lock(mutex_);
                                               partitions_ = partitions;
                                               changed_.notify_all();
                                             }}) {
    membership_.start();
  }

  Partitions until(const std::function<bool(const Partitions&)>& is_wanted) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return partitions_ && is_wanted(*partitions_); });
    return *partitions_;
  }
  Partitions until_has(std::size_t count) {
    return until([count](const Partitions& partitions) { return partitions.size() == count; });
  }
  void leave() { membership_.stop(); }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Partitions> partitions_;
  Membership membership_;
};

struct KafkaMembership : ::testing::Test {
  KafkaScene scene{3};
};

TEST_F(KafkaMembership, TheOnlyNodeHasEveryPartition) {
  Node node(scene.options, "http://a");
  EXPECT_THAT(node.until_has(3), ElementsAre(0, 1, 2));
}

TEST_F(KafkaMembership, NodesShareThePartitions) {
  Node a(scene.options, "http://a");
  a.until_has(3);
  Node b(scene.options, "http://b");
  Node c(scene.options, "http://c");
  Partitions all = a.until_has(1);
  all.merge(b.until_has(1));
  all.merge(c.until_has(1));
  EXPECT_THAT(all, ElementsAre(0, 1, 2));
}

TEST_F(KafkaMembership, WhatANodeHadWhenItLeftIsTheOthers) {
  Node a(scene.options, "http://a");
  a.until_has(3);
  Node b(scene.options, "http://b");
  a.until_has(2);
  b.leave();
  EXPECT_THAT(a.until_has(3), ElementsAre(0, 1, 2));
}

TEST_F(KafkaMembership, EveryMemberIsKnownWithItsPartitions) {
  Node a(scene.options, "http://a");
  a.until_has(3);
  Node b(scene.options, "http://b:7400/");
  const Partitions of_b = b.until([](const Partitions& partitions) { return !partitions.empty(); });
  const Partitions of_a = a.until_has(3 - of_b.size());
  std::vector<std::pair<std::string, Partitions>> members;
  for (const Member& member : members_of(scene.options, seal_of('m')))
    members.emplace_back(member.node_url, member.partitions);
  EXPECT_THAT(members, UnorderedElementsAre(std::pair("http://a", of_a), std::pair("http://b:7400/", of_b)));
}

TEST_F(KafkaMembership, AMemberWithoutTheLogsKeysHasNoAddress) {
  Node node(scene.options, "http://evil", 'e');
  node.until_has(3);
  const std::vector<Member> members = members_of(scene.options, seal_of('m'));
  ASSERT_THAT(members, ::testing::SizeIs(1));
  EXPECT_EQ(members.front().node_url, "");
}

TEST_F(KafkaMembership, AGroupThatNobodyJoinedHasNoMembers) {
  EXPECT_THAT(members_of(scene.options, seal_of('m')), IsEmpty());
}

}  // namespace
}  // namespace daybook::eventstore::testing
