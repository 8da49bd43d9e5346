#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "cli/server_log.h"
#include "eventstore/kafka/membership.h"
#include "eventstore/writers.h"
#include "model/uuid.h"

namespace daybook::cli {

/// This node's place among the nodes that share the partitions of a log.
class NodeGroup {
 public:
  struct Self {
    std::string url;       // where the others reach this node
    model::Uuid instance;  // of its process, as its /readyz tells
  };
  /// The other parts outlive the object.
  NodeGroup(eventstore::KafkaOptions kafka, const eventstore::AddressSeal& addresses, Self self,
            const ServerLog& lines);

  /// URLs of the other members that have this log's master key; where they cannot be told, that is said and there are
  /// none.
  std::vector<std::string> others() const;

  /// Throws std::runtime_error where another server answers at this node's address: before this one listens there.
  void refuse_a_twin() const;
  /// From here on the group says which partitions the writers are to have, until `leave`; they outlive that. This node
  /// is reached by then.
  void join(eventstore::Writers& writers);
  /// The others share what this node has, and this returns when they have it: it serves on until then, for three
  /// seconds at most, and where there are no others not at all. Harmless where it never joined.
  void leave(eventstore::Writers& writers);

 private:
  bool has_others() const;
  bool is_address_claimed(const eventstore::Writers& writers) const;
  void look_for_a_twin(const eventstore::Writers& writers, const std::stop_token& stop) const;

  const eventstore::KafkaOptions kafka_;
  const eventstore::AddressSeal& addresses_;
  const Self self_;
  const ServerLog& lines_;
  std::vector<std::optional<std::uint64_t>> claims_before_;  // of each partition, when this node joined
  std::unique_ptr<eventstore::Membership> membership_;
  std::jthread twin_watch_;
};

}  // namespace daybook::cli
