#include "cli/doctor/nodes.h"

#include <future>
#include <thread>
#include <vector>

#include "eventstore/kafka/membership.h"
#include "eventstore/kafka/topic_admin.h"

namespace daybook::cli {
namespace {

using eventstore::KafkaOptions;
using eventstore::LastOwner;
using Members = std::vector<eventstore::Member>;

constexpr std::size_t kMostStrangers = 8;       // that are told of
constexpr std::size_t kAtOnce = 16;             // partitions whose last records are asked for
constexpr std::chrono::seconds kFormerSelf{8};  // longer than Kafka's group takes to miss a node that died

// A member for whose address nobody with the master key vouches; it is not asked.
Check stranger(const std::string& group, const eventstore::Member& member) {
  if (member.claimed_url.empty()) {
    return warning("group of nodes", "a member of " + group + " does not have the keys/ of this log, and is not asked",
                   "see which program joins that group: only nodes of this log may, with the same keys/");
  }
  return failure("node " + member.claimed_url, "it has another master key than the one here, and is not asked",
                 "stop it; cp -rp FIRST-NODE/keys FIRST-NODE/operator.key ITS-DATA-DIRECTORY  # then start it again");
}

Members members_of(const KafkaOptions& kafka, const Addresses& addresses) {
  return eventstore::members_of(kafka, addresses ? *addresses : eventstore::AddressSeal(eventstore::Key::random()));
}

Check not_looked_at(const Members& members, const Hindrance& hindrance) {
  const std::string count = std::to_string(members.size()) + (members.size() == 1 ? " is" : " are");
  return warning("nodes", count + " in the group, and not asked: " + hindrance.why, hindrance.remedy);
}

// URLs that several members call their own.
std::map<std::string, std::size_t> shared_urls(const Members& members) {
  std::map<std::string, std::size_t> urls;
  for (const eventstore::Member& member : members) ++urls[member.node_url];
  std::erase_if(urls, [](const auto& url) { return url.first.empty() || url.second == 1; });
  return urls;
}

// A node that died and started again is a member twice, until its former self is missed.
Members settled_members(const KafkaOptions& kafka, const Addresses& addresses) {
  const auto deadline = std::chrono::steady_clock::now() + kFormerSelf;
  Members members = members_of(kafka, addresses);
  while (!shared_urls(members).empty() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    members = members_of(kafka, addresses);
  }
  return members;
}

void add_members(const std::string& group, const Members& members, NodesKnown& known, Checks& checks) {
  for (const eventstore::Member& member : members) {
    if (!member.node_url.empty()) {
      known.members.insert(member.node_url);
    } else if (checks.size() < kMostStrangers) {
      checks.push_back(stranger(group, member));
    }
  }
  for (const auto& [url, count] : shared_urls(members)) {
    checks.push_back(failure("nodes", std::to_string(count) + " of them were started with --node-url " + url,
                             "start each again with a --node-url of its own, at which the others reach it"));
  }
}

Answers ask(const std::set<std::string>& urls) {
  std::map<std::string, std::future<Answer>> asked;
  for (const std::string& url : urls) asked[url] = std::async(std::launch::async, ask_readiness, url);
  Answers answers;
  for (auto& [url, answer] : asked) answers[url] = answer.get();
  return answers;
}

std::set<std::string> owners_not_asked(const Answers& answers) {
  std::set<std::string> urls;
  for (const auto& [url, answer] : answers) {
    for (const PartitionPlace& place : answer.readiness.partitions) {
      if (!place.owner.empty() && !answers.contains(place.owner)) urls.insert(place.owner);
    }
  }
  return urls;
}

std::set<std::uint32_t> partitions_without_owner(std::uint32_t count, const Answers& answers) {
  std::set<std::uint32_t> partitions;
  for (std::uint32_t partition = 0; partition < count; ++partition) partitions.insert(partition);
  for (const auto& [url, answer] : answers) {
    for (const PartitionPlace& place : answer.readiness.partitions) {
      if (!place.owner.empty()) partitions.erase(place.partition);
    }
  }
  return partitions;
}

// Those that cannot be read now are left out.
std::map<std::uint32_t, LastOwner> last_owners_of(const KafkaOptions& kafka, const std::set<std::uint32_t>& partitions,
                                                  const eventstore::AddressSeal& addresses) {
  std::map<std::uint32_t, LastOwner> owners;
  std::map<std::uint32_t, std::future<std::optional<LastOwner>>> asked;
  const auto collect = [&] {
    for (auto& [partition, answer] : asked) {
      try {
        if (auto owner = answer.get()) owners[partition] = std::move(*owner);
      } catch (const std::runtime_error&) {
        continue;
      }
    }
    asked.clear();
  };
  for (const std::uint32_t partition : partitions) {
    asked[partition] = std::async(std::launch::async, [&kafka, &addresses, partition] {
      return eventstore::last_owner_of(kafka, partition, addresses);
    });
    if (asked.size() == kAtOnce) collect();
  }
  collect();
  return owners;
}

Check none_running(const std::map<std::uint32_t, LastOwner>& last_owners) {
  const std::string owners = owners_text(last_owners);
  return ok("nodes", "none is running" + (owners.empty() ? "" : "; partitions were owned last by " + owners));
}

void append(Checks more, Checks& checks) {
  for (Check& check : more) checks.push_back(std::move(check));
}

}  // namespace

Checks check_nodes(const KafkaOptions& kafka, const Addresses& addresses, const OwnNode& own) {
  // The first question about a group makes Kafka's own topic for groups, so it is left to the nodes.
  const auto topic = eventstore::TopicAdmin(kafka).describe(kafka.records_topic());
  if (!topic.exists) return {none_running({})};
  const Members members = settled_members(kafka, addresses);
  if (!addresses) return {members.empty() ? none_running({}) : not_looked_at(members, addresses.error())};
  Checks checks;
  NodesKnown known;
  add_members(kafka.group(), members, known, checks);
  const Answer self = own.listening_at.empty() ? Answer{} : ask_readiness(own.listening_at);
  std::set<std::string> urls = known.members;
  if (own.is_running) urls.insert(self.readiness.node ? self.readiness.node->url : own.url);
  Answers answers = ask(urls);
  answers.merge(ask(owners_not_asked(answers)));
  const auto at_url = answers.find(own.url);
  if (auto check = judge_own_url(own, self, at_url == answers.end() ? ask_readiness(own.url) : at_url->second)) {
    checks.push_back(std::move(*check));
    // How this node is can be told all the same, and which partitions it has.
    const bool is_another = at_url != answers.end() && at_url->second.kind == Answer::Kind::kDaybook;
    if (self.readiness.node && self.readiness.node->url == own.url) {
      answers[is_another ? own.listening_at : own.url] = self;
    }
  }
  known.last_owners = last_owners_of(kafka, partitions_without_owner(topic.partitions, answers), *addresses);
  if (members.empty() && urls.empty()) {
    checks.push_back(none_running(known.last_owners));
  } else {
    append(judge_nodes(answers, known), checks);
  }
  append(judge_settings(answers), checks);
  return checks;
}

}  // namespace daybook::cli
