#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "eventstore/address_seal.h"
#include "eventstore/kafka/kafka_options.h"

namespace daybook::eventstore {

/// Whose claim of a partition counts.
struct LastOwner {
  std::string node_url;     // empty: it named none, or nobody with the log's master key vouches for it
  std::string claimed_url;  // what it says then: to be shown, never to be asked
};

/// As the last records of the partition tell, whether that process still runs or not; nothing where there is no claim,
/// or the records do not come in time. Nothing but these few is read, so a claim that came too late may pass for one
/// that counts. Throws LogUnreachable.
std::optional<LastOwner> last_owner_of(const KafkaOptions& kafka, std::uint32_t partition,
                                       const AddressSeal& addresses);

}  // namespace daybook::eventstore
