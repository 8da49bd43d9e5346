#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "eventstore/kafka/client.h"

namespace daybook::eventstore {

/// An idempotent producer of one partition's records and keys: one session of appending. Messages of one topic are
/// stored in the order of the calls. `produce` is thread-safe; reports come from `poll`, by one thread.
class KafkaProducer {
 public:
  enum class Topic : std::uint8_t { kRecords, kKeys };

  /// Asks for the topics' brokers now, since a first message would wait up to a second for that; without an answer
  /// within `warm_up` it goes on without. `listener` outlives the producer.
  KafkaProducer(const KafkaOptions& options, std::uint32_t partition, ClientListener& listener,
                std::chrono::milliseconds warm_up);
  ~KafkaProducer();

  /// Hands a message to the client; the listener hears `tag` again. What is wrong where it is not taken.
  std::optional<std::string> produce(Topic topic, const std::string& key, const std::string& value, std::uint64_t tag);
  void poll(std::chrono::milliseconds wait);
  /// Whether a broker answers within the time.
  bool reaches_a_broker(std::chrono::milliseconds within);
  /// Gives up what is not acknowledged, and polls until everything is reported. What was sent may be stored all the
  /// same.
  void give_up();

 private:
  struct Topics;
  const std::int32_t partition_;
  KafkaClient client_;
  std::unique_ptr<Topics> topics_;
};

}  // namespace daybook::eventstore
