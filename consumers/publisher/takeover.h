#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "consumers/publisher/backlog.h"
#include "eventstore/kafka/kafka_options.h"
#include "eventstore/log.h"
#include "projections/state_store.h"

namespace daybook::consumers {

/// Finds out what a topic of public events still lacks. A report in the log says up to where everything stood on it;
/// the headers of the commits since then say with which event each workspace goes on, and the topic's own tail says
/// which of these are there already. Without a report of this log, everything that the topic lacks is to be published.
///
/// Whatever is uncertain (records of the log that do not count, the clocks of other machines) at worst makes an event
/// stand on the topic twice; none is ever left out.
class Takeover {
 public:
  struct Parts {
    const projections::StateStore& state;
    eventstore::Log& log;
    model::Uuid log_id;  // as reports name it
    std::uint32_t partition;
    const eventstore::KafkaOptions& kafka;
    const std::string& topic;
    std::function<bool()> is_stopped;
  };
  explicit Takeover(Parts parts) : parts_(std::move(parts)) {}

  /// Adds what is missing. Throws LogUnreachable and LogDamaged, and what is added is not complete then.
  void run(std::uint32_t topic_partitions, Backlog& backlog);

 private:
  void add_since(std::uint64_t log_offset, Backlog& backlog);
  void add_from(model::WorkspaceId workspace, std::uint64_t first, Backlog& backlog);
  void strike_out(std::uint32_t partition, std::uint64_t from, Backlog& backlog);

  const Parts parts_;
};

}  // namespace daybook::consumers
