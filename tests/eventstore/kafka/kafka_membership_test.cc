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
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

using Partitions = std::set<std::uint32_t>;

AddressSeal seal_of(char fill) { return AddressSeal(*Key::from_bytes(std::string(Key::kSize, fill))); }

/// Who was told to have what, for a test to wait for.
class Shares {
 public:
  using Of = std::map<std::string, Partitions>;  // by the node's URL

  void tell(const std::string& url, const Partitions& partitions) {
    const std::lock_guard lock(mutex_);
    of_[url] = partitions;
    changed_.notify_all();
  }
  Of until(const std::function<bool(const Of&)>& is_wanted) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return is_wanted(of_); });
    return of_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  Of of_;
};

/// A node of the group.
class Node {
 public:
  Node(const KafkaOptions& kafka, const std::string& url, Shares& shares, char master = 'm')
      : url_(url), shares_(shares), membership_(kafka, seal_of(master), {url, [this](const Partitions& partitions) {
                                                                           shares_.tell(url_, partitions);
                                                                         }}) {
    membership_.start();
  }

  Partitions until(const std::function<bool(const Partitions&)>& is_wanted) {
    const auto of_this = [&](const Shares::Of& of) { return of.contains(url_) && is_wanted(of.at(url_)); };
    return shares_.until(of_this).at(url_);
  }
  Partitions until_has(std::size_t count) {
    return until([count](const Partitions& partitions) { return partitions.size() == count; });
  }
  void leave() { membership_.stop(); }

 private:
  const std::string url_;
  Shares& shares_;
  Membership membership_;
};

struct KafkaMembership : ::testing::Test {
  KafkaScene scene{3};
  Shares shares;
};

// Each partition is one node's, and each node has one. A share of the generation before may be told in between.
bool is_shared_by_three(const Shares::Of& of) {
  Partitions all;
  for (const auto& [url, partitions] : of) {
    if (partitions.size() != 1) return false;
    all.insert(*partitions.begin());
  }
  return of.size() == 3 && all.size() == 3;
}

TEST_F(KafkaMembership, TheOnlyNodeHasEveryPartition) {
  Node node(scene.options, "http://a", shares);
  EXPECT_THAT(node.until_has(3), ElementsAre(0, 1, 2));
}

TEST_F(KafkaMembership, NodesShareThePartitions) {
  Node a(scene.options, "http://a", shares);
  a.until_has(3);
  Node b(scene.options, "http://b", shares);
  Node c(scene.options, "http://c", shares);
  EXPECT_THAT(shares.until(is_shared_by_three), SizeIs(3));
}

TEST_F(KafkaMembership, WhatANodeHadWhenItLeftIsTheOthers) {
  Node a(scene.options, "http://a", shares);
  a.until_has(3);
  Node b(scene.options, "http://b", shares);
  a.until_has(2);
  b.leave();
  EXPECT_THAT(a.until_has(3), ElementsAre(0, 1, 2));
}

TEST_F(KafkaMembership, EveryMemberIsKnownWithItsPartitions) {
  Node a(scene.options, "http://a", shares);
  a.until_has(3);
  Node b(scene.options, "http://b:7400/", shares);
  const Partitions of_b = b.until([](const Partitions& partitions) { return !partitions.empty(); });
  const Partitions of_a = a.until_has(3 - of_b.size());
  std::vector<std::pair<std::string, Partitions>> members;
  for (const Member& member : members_of(scene.options, seal_of('m')))
    members.emplace_back(member.node_url, member.partitions);
  EXPECT_THAT(members, UnorderedElementsAre(std::pair("http://a", of_a), std::pair("http://b:7400/", of_b)));
}

TEST_F(KafkaMembership, AMemberWithoutTheLogsKeysHasNoAddress) {
  Node node(scene.options, "http://evil", shares, 'e');
  node.until_has(3);
  const std::vector<Member> members = members_of(scene.options, seal_of('m'));
  ASSERT_THAT(members, ::testing::SizeIs(1));
  EXPECT_EQ(members.front().node_url, "");
  EXPECT_EQ(members.front().claimed_url, "http://evil");
}

TEST_F(KafkaMembership, AGroupThatNobodyJoinedHasNoMembers) {
  EXPECT_THAT(members_of(scene.options, seal_of('m')), IsEmpty());
}

}  // namespace
}  // namespace daybook::eventstore::testing
