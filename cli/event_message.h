#pragma once

#include <cstdint>
#include <optional>

#include "domain/rows.h"
#include "eventstore/kafka/topic_producer.h"
#include "model/uuid.h"

namespace daybook::cli {

/// The event at a position as a message of the public topic: a CloudEvent in binary mode (CloudEvents Kafka protocol
/// binding 1.0.2 §3.2), the attributes in headers, and the same data as in the feed. Data larger than a message are
/// left out, and `ce_dataref` says where the feed has them (CloudEvents extension "dataref"). Nothing where there is no
/// such event.
std::optional<eventstore::TopicMessage> event_message(const domain::RowReader& rows, model::WorkspaceId workspace,
                                                      std::uint64_t position);

}  // namespace daybook::cli
