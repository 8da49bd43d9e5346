#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eventstore/kafka/consumer.h"
#include "eventstore/kafka/kafka_options.h"
#include "eventstore/log.h"

namespace daybook::eventstore {

/// The log on Apache Kafka: `<prefix>log` holds the records, `<prefix>keys`, compacted, the wrapped keys; key partition
/// i serves record partition i (docs/log-format.md, "On Kafka"). Offsets are Kafka's, with gaps where there are any.
/// Reports come from one thread a partition, in order. Kafka holds more than one session: after an unknown outcome a
/// new one succeeds once brokers answer.
///
/// Neither a transaction nor the idempotent producer is the guarantee here: it is the fence rule (fence.h) for records,
/// and KeyTable's for keys.
class KafkaLog final : public Log {
 public:
  /// Judges the topics (TopicRules), and reads all keys. Throws std::runtime_error with the command that mends a
  /// topic, LogUnreachable where no broker answers, and LogDamaged.
  explicit KafkaLog(KafkaOptions options);
  /// Waits some seconds for what is on its way. Readers are gone by then.
  ~KafkaLog() override;

  std::uint32_t partition_count() const override { return options_.partitions; }
  void append(std::uint32_t partition, Append append, DeliveryReport report) override;
  void enter(std::uint32_t partition, std::uint64_t epoch) override;
  void reopen_session(std::uint32_t partition) override;
  std::unique_ptr<LogReader> read(std::uint32_t partition, std::uint64_t from_offset) override;
  /// Of what this process knows: its own records, those that it read, and at the start all.
  std::uint64_t end(std::uint32_t partition) const override;
  std::uint64_t end_now(std::uint32_t partition) override;
  std::optional<std::string> find_key(const std::string& name) const override;
  std::vector<WrappedKey> keys(std::uint32_t partition) const override;
  Health health(std::uint32_t partition) const override;
  bool outlives_unknown() const override { return true; }

 private:
  struct Partition;

  const KafkaOptions options_;
  const EndQuery records_end_;
  std::vector<std::unique_ptr<Partition>> partitions_;
};

}  // namespace daybook::eventstore
