#pragma once

#include <map>
#include <optional>
#include <string>

#include "cli/doctor/readiness.h"
#include "cli/doctor/report.h"
#include "eventstore/address_seal.h"
#include "eventstore/kafka/kafka_options.h"

namespace daybook::cli {

/// The nodes that share a log on Kafka: the members of their group, `own_url` where it is given, and whoever these call
/// an owner, each asked for its readiness at the same time. Which of them answer, their roles and lag, and who has each
/// partition. Members are asked only where `addresses` vouches for theirs; without it, none are. Throws LogUnreachable.
Checks check_nodes(const eventstore::KafkaOptions& kafka, const std::optional<eventstore::AddressSeal>& addresses,
                   const std::optional<std::string>& own_url);

/// What the answers come to, by the URL of the node. Pure.
Checks judge_nodes(const std::map<std::string, Answer>& answers);

}  // namespace daybook::cli
