#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "eventstore/kafka/consumer.h"
#include "eventstore/kafka/key_follower.h"
#include "eventstore/kafka/known_end.h"
#include "eventstore/log.h"

namespace daybook::eventstore {

/// Reads the records of a partition, each once the keys that it needs have been read as well.
class KafkaReader final : public LogReader {
 public:
  /// What is passed outlives the reader.
  KafkaReader(const KafkaOptions& options, std::uint32_t partition, const KeyFollower& keys, KnownEnd& end,
              std::uint64_t from_offset);

  std::optional<LogRecord> next(std::chrono::milliseconds wait) override;
  void set_patience(std::chrono::milliseconds patience) override { patience_ = patience; }
  bool is_ready() override;
  void interrupt() override;

 private:
  using Clock = std::chrono::steady_clock;

  bool is_behind() const { return fetched_ || next_offset_ < end_.get(); }
  bool fetch(std::chrono::milliseconds wait);
  void check_keys();
  std::optional<LogRecord> take();

  const KafkaOptions& options_;
  const std::uint32_t partition_;
  const KeyFollower& keys_;
  KnownEnd& end_;
  std::uint64_t next_offset_;
  std::chrono::milliseconds patience_{30'000};
  KafkaConsumer consumer_;
  std::optional<KafkaConsumer::Message> fetched_;
  std::uint64_t keys_needed_ = 0;   // by what was fetched
  std::uint64_t checked_keys_ = 0;  // are there, the broker said
  std::atomic<bool> interrupted_ = false;
};

}  // namespace daybook::eventstore
