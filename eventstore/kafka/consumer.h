#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "eventstore/kafka/client.h"

namespace daybook::eventstore {

/// Reads one partition of a topic from an offset, without a consumer group: nothing about it is kept on the broker.
/// Not thread-safe; `wake` alone may come from another thread.
class KafkaConsumer {
 public:
  struct Message {
    std::uint64_t offset = 0;
    std::string key;
    std::optional<std::string> value;  // nothing: null
    Headers headers;
  };
  /// Everything before this offset has been handed out, and there was nothing more.
  struct End {
    std::uint64_t offset = 0;
  };
  using Event = std::variant<std::monostate, Message, End>;

  KafkaConsumer(const KafkaOptions& options, const std::string& topic, std::uint32_t partition,
                std::uint64_t from_offset);
  ~KafkaConsumer();
  KafkaConsumer(const KafkaConsumer&) = delete;
  KafkaConsumer& operator=(const KafkaConsumer&) = delete;

  /// What comes next within the time; nothing when that is over, woken, or while the broker cannot be reached. Throws
  /// LogDamaged where the offset is not there any more, or not yet, and where a checksum does not fit.
  Event poll(std::chrono::milliseconds wait);
  /// Ends a poll that waits, or else the next one.
  void wake();
  /// The offset after the last message, as the broker said with the last messages it handed out; 0: nothing yet.
  std::uint64_t end() const;
  /// What the broker said last that hindered reading; empty: nothing.
  const std::string& hindrance() const { return hindrance_; }

 private:
  struct Inside;
  const std::string topic_;
  const std::int32_t partition_;
  const std::uint64_t from_offset_;
  KafkaClient client_;
  std::unique_ptr<Inside> inside_;
  std::string hindrance_;
};

/// Asks for ends of one topic's partitions again and again. Thread-safe.
class EndQuery {
 public:
  /// `options` outlives it.
  EndQuery(const KafkaOptions& options, std::string topic);
  /// The offset after the last message that all replicas in sync have. Throws LogUnreachable after `within`.
  std::uint64_t ask(std::uint32_t partition, std::chrono::milliseconds within) const;

 private:
  const KafkaOptions& options_;
  const std::string topic_;
  KafkaClient client_;  // of its own: answers come in order on a connection, and one that fetches waits for messages
};

/// The offset after the last message of a partition. Throws LogUnreachable.
std::uint64_t end_of(const KafkaOptions& options, const std::string& topic, std::uint32_t partition);
/// The first offset there is. Throws LogUnreachable.
std::uint64_t begin_of(const KafkaOptions& options, const std::string& topic, std::uint32_t partition);
/// The first message of the time or later, by the clocks of those who wrote them; the end where there is none. Throws
/// LogUnreachable.
std::uint64_t first_since(const KafkaOptions& options, const std::string& topic, std::uint32_t partition,
                          std::chrono::milliseconds since_1970);

}  // namespace daybook::eventstore
