#pragma once

#include "cli/doctor/report.h"
#include "cli/node.h"

namespace daybook::cli {

/// Whether brokers answer, and the topics of the log and of public events are as a start wants them, with the brokers
/// that they need. Waits three seconds for each answer.
Checks check_kafka(const NodeOptions& options);

/// How Kafka is asked here.
eventstore::KafkaOptions impatient(eventstore::KafkaOptions options);

}  // namespace daybook::cli
