#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "eventstore/kafka/client.h"
#include "eventstore/kafka/topic_rules.h"

namespace daybook::eventstore {

/// Asks the brokers about topics, and makes them. Every function throws LogUnreachable where no answer comes within
/// `start_timeout`, and std::runtime_error with the broker's words where it refuses. After two seconds without an
/// answer `on_warning` is told who is waited for.
class TopicAdmin {
 public:
  /// `options` outlives this object.
  explicit TopicAdmin(const KafkaOptions& options);

  std::uint32_t broker_count();
  TopicFacts describe(const std::string& topic);
  /// Returns when a broker says that the topic can be written to; others may learn of it later. That it is there
  /// already is no error.
  TopicFacts create(const std::string& topic, std::uint32_t partitions, std::uint32_t replicas,
                    const std::map<std::string, std::string>& settings);

 private:
  bool read_settings(TopicFacts& facts);

  const KafkaOptions& options_;
  KafkaClient client_;  // a consumer, since asking a broker as a producer may make the topic
};

/// Of a topic that is made on so many brokers.
std::uint32_t replicas_for(std::uint32_t brokers);
/// Of a topic of public events that is made: so many readers of one group share the work.
constexpr std::uint32_t kEventsPartitions = 6;

/// Both topics as TopicRules wants them, made where that is asked for. Throws std::runtime_error with every problem and
/// the command that ends it; hands warnings on.
void prepare_topics(const KafkaOptions& options);

/// The same of the topic of public events; returns how many partitions it has.
std::uint32_t prepare_events_topic(const KafkaOptions& options, const std::string& topic,
                                   std::chrono::milliseconds retention);

}  // namespace daybook::eventstore
