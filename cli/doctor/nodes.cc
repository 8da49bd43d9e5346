#include "cli/doctor/nodes.h"

#include <future>
#include <set>
#include <vector>

#include "cli/doctor/server.h"
#include "eventstore/kafka/membership.h"
#include "eventstore/kafka/topic_admin.h"

namespace daybook::cli {
namespace {

using Kind = Answer::Kind;
using Members = std::vector<eventstore::Member>;

// "partition 0 owner, 1 standing by (3 records behind)".
std::string places_text(const std::vector<PartitionPlace>& places) {
  std::string text;
  for (const PartitionPlace& place : places) {
    const std::string role = place.role == "standing_by"   ? "standing by"
                             : place.role == "taking_over" ? "taking over"
                                                           : place.role;
    text += (text.empty() ? "partition " : ", ") + std::to_string(place.partition) + " " + role;
    if (place.lag > 0) text += " (" + std::to_string(place.lag) + " records behind)";
  }
  return text;
}

Check check_node(const std::string& url, const Answer& answer) {
  const std::string name = "node " + url;
  if (answer.kind != Kind::kDaybook) {
    return failure(name, answer.kind == Kind::kStranger ? "it is no Daybook that answers there" : "it does not answer",
                   "start it again, with --node-url " + url + "; the others take its partitions within ten seconds");
  }
  const Readiness& readiness = answer.readiness;
  const std::string places = places_text(readiness.partitions);
  const std::string found = readiness_text(readiness) + (places.empty() ? "" : "; " + places);
  if (!readiness.is_ready || !readiness.reasons.empty()) return failure(name, found, remedy_for(readiness));
  if (readiness.lag < kMuchLag) return ok(name, found);
  return warning(name, found, "watch it: curl -s " + url + "/readyz  # should it not fall, see its disk and processor");
}

// Who says of itself to have a partition, and whom the others take for its owner.
struct Owners {
  std::set<std::string> in_fact;
  std::set<std::string> in_name;
};

Check check_partition(std::uint32_t partition, const Owners& owners, const std::map<std::string, Answer>& answers) {
  const std::string name = "partition " + std::to_string(partition);
  if (owners.in_fact.size() == 1) return ok(name, *owners.in_fact.begin() + " has it");
  if (owners.in_fact.size() > 1) {
    return warning(name, *owners.in_fact.begin() + " and " + *owners.in_fact.rbegin() + " both have it",
                   "daybook doctor  # again: one of them learns within seconds that it was replaced");
  }
  for (const std::string& url : owners.in_name) {
    if (const auto asked = answers.find(url); asked != answers.end() && asked->second.kind == Kind::kDaybook) continue;
    return failure(name, "its owner " + url + " does not answer",
                   "daybook doctor  # again after ten seconds: another node takes it; otherwise start that one again");
  }
  return failure(name, "nobody has it", "daybook doctor  # again after ten seconds; otherwise start a node");
}

Check stranger_in(const std::string& group) {
  return warning("group of nodes", "a member of " + group + " does not have the keys/ of this log, and is not asked",
                 "see which program joins that group: only nodes of this log may, with the same keys/");
}

std::map<std::string, Answer> ask(const std::set<std::string>& urls) {
  std::map<std::string, std::future<Answer>> asked;
  for (const std::string& url : urls) asked[url] = std::async(std::launch::async, ask_readiness, url);
  std::map<std::string, Answer> answers;
  for (auto& [url, answer] : asked) answers[url] = answer.get();
  return answers;
}

std::set<std::string> owners_not_asked(const std::map<std::string, Answer>& answers) {
  std::set<std::string> urls;
  for (const auto& [url, answer] : answers) {
    for (const PartitionPlace& place : answer.readiness.partitions) {
      if (!place.owner.empty() && !answers.contains(place.owner)) urls.insert(place.owner);
    }
  }
  return urls;
}

}  // namespace

Checks judge_nodes(const std::map<std::string, Answer>& answers) {
  Checks checks;
  std::map<std::uint32_t, Owners> partitions;
  for (const auto& [url, answer] : answers) {
    checks.push_back(check_node(url, answer));
    if (auto clock = check_clock_of(url, answer); clock && clock->status != Status::kOk) {
      checks.push_back(std::move(*clock));
    }
    for (const PartitionPlace& place : answer.readiness.partitions) {
      Owners& owners = partitions[place.partition];
      if (place.role == "owner") owners.in_fact.insert(url);
      if (!place.owner.empty()) owners.in_name.insert(place.owner);
    }
  }
  for (const auto& [partition, owners] : partitions) checks.push_back(check_partition(partition, owners, answers));
  return checks;
}

Checks check_nodes(const eventstore::KafkaOptions& kafka, const std::optional<eventstore::AddressSeal>& addresses,
                   const std::optional<std::string>& own_url) {
  const Check none = ok("nodes", "none is running");
  // The first question about a group makes Kafka's own topic for groups, so it is left to the nodes.
  if (!eventstore::TopicAdmin(kafka).describe(kafka.records_topic()).exists) return {none};
  std::set<std::string> urls;
  if (own_url) urls.insert(*own_url);
  Checks checks;
  for (const eventstore::Member& member : addresses ? eventstore::members_of(kafka, *addresses) : Members()) {
    if (!member.node_url.empty()) {
      urls.insert(member.node_url);
    } else if (checks.empty()) {
      checks.push_back(stranger_in(kafka.group()));
    }
  }
  if (urls.empty()) return checks.empty() ? Checks{none} : checks;
  auto answers = ask(urls);
  answers.merge(ask(owners_not_asked(answers)));
  for (Check& check : judge_nodes(answers)) checks.push_back(std::move(check));
  return checks;
}

}  // namespace daybook::cli
