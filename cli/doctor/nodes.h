#pragma once

#include <expected>
#include <string>

#include "cli/doctor/node_verdicts.h"
#include "cli/doctor/report.h"
#include "eventstore/address_seal.h"
#include "eventstore/kafka/kafka_options.h"

namespace daybook::cli {

/// Why something cannot be looked at, and what mends that.
struct Hindrance {
  std::string why;
  std::string remedy;
};
/// What vouches for the addresses of nodes.
using Addresses = std::expected<eventstore::AddressSeal, Hindrance>;

/// The nodes that share a log on Kafka: the members of their group, `own` where it runs, and whoever these call an
/// owner, each asked for its readiness at the same time. Which of them answer, their roles and lag, who has each
/// partition, and whether each has a URL of its own and the same settings. Members are asked only where `addresses`
/// vouches for theirs; without it, none are. Throws LogUnreachable.
Checks check_nodes(const eventstore::KafkaOptions& kafka, const Addresses& addresses, const OwnNode& own);

}  // namespace daybook::cli
