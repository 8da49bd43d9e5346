#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "cli/doctor/report.h"
#include "cli/readiness.h"
#include "eventstore/kafka/last_owner.h"

namespace daybook::cli {

/// By the URL of the node that was asked.
using Answers = std::map<std::string, Answer>;

/// What is known of nodes without asking them.
struct NodesKnown {
  std::set<std::string> members;  // of their group, by URL
  // By partition, as the log tells; only of those that nobody was said to have.
  std::map<std::uint32_t, eventstore::LastOwner> last_owners;
};

/// The node of this data directory.
struct OwnNode {
  std::string url;           // as the settings have it
  bool is_running = false;   // its process has the data open
  std::string listening_at;  // where that one takes connections; empty: not known
};

/// What the answers come to: how each node is, who has each partition, and which settings differ. Pure, as the others.
Checks judge_nodes(const Answers& answers, const NodesKnown& known);

/// Whether the node's URL leads to it: `self` is what its process answers where it listens, `at_url` what came from the
/// URL. Nothing where all is well, or nothing can be told.
std::optional<Check> judge_own_url(const OwnNode& own, const Answer& self, const Answer& at_url);

/// Nodes that were started with settings of their own, where all need the same.
Checks judge_settings(const Answers& answers);

/// Partitions nobody has while no node runs: "http://a:7400 (0, 2), a server without --node-url (1)".
std::string owners_text(const std::map<std::uint32_t, eventstore::LastOwner>& owners);

}  // namespace daybook::cli
