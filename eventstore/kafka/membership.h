#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "eventstore/address_seal.h"
#include "eventstore/kafka/client.h"

namespace daybook::eventstore {

/// A node's place in the group of all nodes on one log, kept by Kafka's consumer group protocol with the range assignor
/// (Kafka documentation, "Consumer Group"): which partitions it is to have. A hint and no more: it may be late, and two
/// nodes may be told of one partition. Who has it is decided by the claims on the log.
class Membership final : private ClientListener {
 public:
  struct Options {
    /// By which the others reach this node; they read it from the group, as its client id.
    std::string node_url;
    /// Each time the group has shared its partitions; from the membership's own thread.
    std::function<void(const std::set<std::uint32_t>& partitions)> on_assigned;
  };
  Membership(const KafkaOptions& kafka, const AddressSeal& addresses, Options options);
  ~Membership() override;
  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;

  /// Joins. While no broker answers it goes on trying, and the hint is what it was.
  void start();
  /// Leaves: the others share its partitions at once. A node that dies without is missed after six seconds.
  void stop();

 private:
  void delivered(std::uint64_t, const std::optional<std::string>&, std::int64_t) override {}
  void lost_all_brokers(const std::string&) override {}
  void assigned(const std::set<std::uint32_t>& partitions) override { options_.on_assigned(partitions); }

  const std::string topic_;
  const Options options_;
  KafkaClient client_;
  std::jthread thread_;
};

/// Who is a member of the group of nodes, as its coordinator knows.
struct Member {
  std::string node_url;     // empty: nobody with the log's master key vouches for it
  std::string claimed_url;  // what it says then: to be shown, never to be asked; empty: no address
  std::set<std::uint32_t> partitions;
};
/// Throws LogUnreachable, and std::runtime_error with the broker's words where it refuses.
std::vector<Member> members_of(const KafkaOptions& kafka, const AddressSeal& addresses);

}  // namespace daybook::eventstore
