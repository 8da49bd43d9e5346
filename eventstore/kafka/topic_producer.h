#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "eventstore/kafka/client.h"

namespace daybook::eventstore {

/// A message for other programs to read.
struct TopicMessage {
  std::string key;
  std::string value;
  Headers headers;
};

/// An idempotent producer of one topic; the key of a message decides its partition. Messages of one key are stored in
/// the order of the calls. One thread uses it, and hears the listener from within `poll` and `give_up`.
class TopicProducer {
 public:
  /// What is passed outlives the producer.
  TopicProducer(const KafkaOptions& options, const std::string& topic, ClientListener& listener);
  ~TopicProducer();

  /// Hands a message to the client; the listener hears `tag` again. What is wrong where it is not taken.
  std::optional<std::string> produce(const TopicMessage& message, std::uint64_t tag);
  void poll(std::chrono::milliseconds wait);
  /// Gives up what is not acknowledged, and polls until everything is reported. What was sent may be stored all the
  /// same.
  void give_up();

 private:
  const std::string topic_;
  KafkaClient client_;
};

}  // namespace daybook::eventstore
