#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "eventstore/kafka/kafka_options.h"

struct rd_kafka_s;  // librdkafka's client: its header stands in .cc files alone

namespace daybook::eventstore {

/// Frees a handle of a C library with its own function.
template <auto kFree>
struct FreeWith {
  template <class Handle>
  void operator()(Handle* handle) const {
    kFree(handle);
  }
};

/// Of a message, in order.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// What a client tells its owner, from within a poll.
class ClientListener {
 public:
  virtual ~ClientListener() = default;
  /// What became of a message; `failure` says why it is not known to be stored. The offset may be missing (below 0) or
  /// too low even then (librdkafka 2.0.2, after a repeat that the broker recognised).
  virtual void delivered(std::uint64_t tag, const std::optional<std::string>& failure, std::int64_t offset) = 0;
  virtual void lost_all_brokers(const std::string& why) = 0;
  /// A group has shared its topic's partitions, and this member is to have these.
  virtual void assigned(const std::set<std::uint32_t>& /*partitions*/) {}
};

/// A client of librdkafka with our settings (CONFIGURATION.md of librdkafka 2.0.2).
class KafkaClient {
 public:
  enum class Role : std::uint8_t { kProducer, kConsumer, kMember };
  using Settings = std::vector<std::pair<std::string, std::string>>;

  /// `listener` outlives the client; none: nobody wants to know. `more` settings go over ours. Throws
  /// std::runtime_error where a setting is refused, such as a list of brokers that is none.
  KafkaClient(Role role, const KafkaOptions& options, ClientListener* listener = nullptr, const Settings& more = {});
  ~KafkaClient();
  KafkaClient(const KafkaClient&) = delete;
  KafkaClient& operator=(const KafkaClient&) = delete;

  rd_kafka_s* get() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// A broker did not answer in time, or not with what was asked for.
std::string unreachable_text(const KafkaOptions& options, const std::string& why);

}  // namespace daybook::eventstore
