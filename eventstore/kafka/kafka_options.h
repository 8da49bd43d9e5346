#pragma once

#include <sys/socket.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace daybook::eventstore {

/// How the log on Kafka is reached and kept.
struct KafkaOptions {
  std::string brokers;                 // HOST:PORT, several with commas between
  std::string prefix = "daybook.";     // of the topics' names
  std::uint32_t partitions = 1;        // of both topics; refused where they have another number
  bool create_topics = false;          // where they are missing, instead of refusing with the command that makes them
  std::size_t queue_records = 16'384;  // appends not yet reported, beyond which `append` waits
  std::size_t queue_bytes = 16 << 20;  // likewise
  std::chrono::milliseconds message_timeout{
      60'000};                                      // after which a record without acknowledgement is unknown; 0: never
  std::size_t largest_message = 1'000'000;          // with its key and headers
  std::chrono::milliseconds start_timeout{30'000};  // for each answer that a start needs
  std::chrono::milliseconds unreachable_after{3'000};    // without acknowledgement or broker: kUnreachable
  std::function<void(const std::string&)> on_warning{};  // settings that could be better, brokers that do not answer

  // Of tests: a network that breaks. In place of connect(2); 0, or an errno.
  std::function<int(int socket, const sockaddr* address, socklen_t length)> connect{};

  std::string records_topic() const { return prefix + "log"; }
  std::string keys_topic() const { return prefix + "keys"; }
  /// The group of nodes (membership.h).
  std::string group() const { return prefix + "nodes"; }
};

}  // namespace daybook::eventstore
