#include "cli/doctor/node_verdicts.h"

#include <vector>

#include "cli/doctor/server.h"

namespace daybook::cli {
namespace {

using Kind = Answer::Kind;
using eventstore::LastOwner;

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

// Who says of itself to have a partition, and whom the others, or else the log, take for its owner.
struct Owners {
  std::set<std::string> in_fact;
  std::set<std::string> in_name;
};

Check not_owned(const std::string& name, const Owners& owners, const Answers& answers, const NodesKnown& known) {
  const std::string wait =
      "daybook doctor  # again after ten seconds: another node takes it; otherwise start that one again";
  for (const std::string& url : owners.in_name) {
    if (!known.members.contains(url)) {
      return failure(name, "owned last by " + url + ", which is not in the group: it ended, or lost its brokers", wait);
    }
    const auto asked = answers.find(url);
    if (asked != answers.end() && asked->second.kind == Kind::kDaybook) continue;
    return failure(name, "its owner " + url + " does not answer", wait);
  }
  return failure(name, "nobody has it", "daybook doctor  # again after ten seconds; otherwise start a node");
}

Check not_owned_by_a_node(const std::string& name, const LastOwner& last) {
  if (last.claimed_url.empty()) {
    return failure(name, "owned last by a server without --node-url", "stop that server; nodes then take it");
  }
  return failure(name, "owned last by " + last.claimed_url + ", which has another master key than the one here",
                 "stop it; cp -rp FIRST-NODE/keys FIRST-NODE/operator.key ITS-DATA-DIRECTORY  # then start it again");
}

Check check_partition(std::uint32_t partition, Owners owners, const Answers& answers, const NodesKnown& known) {
  const std::string name = "partition " + std::to_string(partition);
  if (owners.in_fact.size() == 1) return ok(name, *owners.in_fact.begin() + " has it");
  if (owners.in_fact.size() > 1) {
    return warning(name, *owners.in_fact.begin() + " and " + *owners.in_fact.rbegin() + " both have it",
                   "daybook doctor  # again: one of them learns within seconds that it was replaced");
  }
  if (const auto last = known.last_owners.find(partition); owners.in_name.empty() && last != known.last_owners.end()) {
    if (last->second.node_url.empty()) return not_owned_by_a_node(name, last->second);
    owners.in_name.insert(last->second.node_url);
  }
  return not_owned(name, owners, answers, known);
}

// The one whose settings most of the others have; nothing where none tells of its own.
const NodeSelf* most_usual(const Answers& answers) {
  const NodeSelf* usual = nullptr;
  std::size_t most = 0;
  for (const auto& [url, answer] : answers) {
    const auto& node = answer.readiness.node;
    if (!node) continue;
    std::size_t same = 0;
    for (const auto& [other_url, other] : answers) {
      if (other.readiness.node && other.readiness.node->settings == node->settings) ++same;
    }
    if (same > most) usual = &*node;
    most = std::max(most, same);
  }
  return usual;
}

// Those that both tell of.
std::string names_of_others(const NodeSelf& node, const NodeSelf& usual) {
  std::string names;
  for (const auto& [name, digest] : node.settings) {
    const auto other = usual.settings.find(name);
    if (other != usual.settings.end() && other->second != digest) names += (names.empty() ? "" : ", ") + name;
  }
  return names;
}

}  // namespace

Checks judge_nodes(const Answers& answers, const NodesKnown& known) {
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
  for (const auto& [partition, owners] : partitions) {
    checks.push_back(check_partition(partition, owners, answers, known));
  }
  return checks;
}

std::optional<Check> judge_own_url(const OwnNode& own, const Answer& self, const Answer& at_url) {
  const std::string name = "node_url";
  const bool is_answered = at_url.kind == Kind::kDaybook;
  if (!own.is_running) {
    if (!is_answered) return std::nullopt;
    return warning(name, "this node does not run, and another one answers at " + own.url + ": a start is refused",
                   "start it with a --node-url of its own, at which the others reach it");
  }
  if (!self.readiness.node) return std::nullopt;
  const NodeSelf& node = *self.readiness.node;
  if (node.url != own.url) {
    return warning(name, "this node runs with " + node.url + ", and these settings say " + own.url,
                   "leave --node-url out, or start the node again with it");
  }
  if (!is_answered) {
    return failure(name, "this node runs at " + own.listening_at + ", and is not reached at " + own.url,
                   "start it again with the --node-url at which the others reach it, or let them through to it");
  }
  const auto& other = at_url.readiness.node;
  if (other && other->instance == node.instance) return std::nullopt;
  const bool has_own = other && other->url != own.url;
  return failure(name, "another node answers at " + own.url + (has_own ? ", and its own is " + other->url : ""),
                 "start this node again with a --node-url of its own, at which the others reach it");
}

Checks judge_settings(const Answers& answers) {
  Checks checks;
  const NodeSelf* usual = most_usual(answers);
  for (const auto& [url, answer] : answers) {
    if (!answer.readiness.node) continue;
    const std::string names = names_of_others(*answer.readiness.node, *usual);
    if (names.empty()) continue;
    checks.push_back(warning("settings of " + url, "it has others than " + usual->url + ": " + names,
                             "daybook config show  # on both: make these the same, key files by a copy, and start that "
                             "node again"));
  }
  return checks;
}

std::string owners_text(const std::map<std::uint32_t, LastOwner>& owners) {
  std::map<std::string, std::string> partitions;
  for (const auto& [partition, owner] : owners) {
    const std::string who = !owner.node_url.empty()      ? owner.node_url
                            : !owner.claimed_url.empty() ? owner.claimed_url + " with another master key"
                                                         : "a server without --node-url";
    std::string& of_it = partitions[who];
    of_it += (of_it.empty() ? "" : ", ") + std::to_string(partition);
  }
  std::string text;
  for (const auto& [who, of_it] : partitions) text += (text.empty() ? "" : "; ") + who + " (" + of_it + ")";
  return text;
}

}  // namespace daybook::cli
