#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "eventstore/kafka/key_follower.h"
#include "eventstore/kafka/known_end.h"
#include "eventstore/kafka/producer.h"
#include "eventstore/log.h"

namespace daybook::eventstore {

/// Appends to one partition. The rows of an append's keys are produced at once; its record waits, in order, until they
/// have been read back, so a record never stands on the log without its keys. One row is awaited while the next ones
/// are on their way, so only the first record of a burst feels it. Thread-safe.
///
/// Whether a row is there is learned from the reader of the keys and not from its delivery report: after a repeat that
/// the broker recognised the report's offset is wrong (kafka.md), and what was read is there.
class KafkaAppender final : private ClientListener {
 public:
  struct Parts {
    const KafkaOptions& options;
    std::uint32_t partition;
    KeyFollower& keys;  // calls row_read and keys_failed
    KnownEnd& end;
  };
  /// What `parts` names outlives the appender.
  explicit KafkaAppender(const Parts& parts);
  /// What is on its way is reported unknown.
  ~KafkaAppender() override;
  KafkaAppender(const KafkaAppender&) = delete;
  KafkaAppender& operator=(const KafkaAppender&) = delete;

  /// As Log::append, Log::enter and Log::reopen_session.
  void append(Append append, DeliveryReport report);
  void enter(std::uint64_t epoch);
  void reopen_session();

  /// Waits some seconds for what is on its way. Nothing is appended after this.
  void finish();

  void row_read(const KeyRow& row);
  void keys_failed(const std::string& why);

  /// No broker, or no acknowledgement of something on its way, for longer than `unreachable_after`.
  bool is_unreachable() const;

 private:
  using Clock = std::chrono::steady_clock;
  enum class Fate : std::uint8_t { kOpen, kAcknowledged, kUnknown };
  struct Item {
    std::string record;  // empty once it was produced
    DeliveryReport report;
    std::uint64_t rows_needed = 0;  // how many rows of this session must have been read back before it is produced
    std::size_t bytes = 0;
    Clock::time_point since;
    Fate fate = Fate::kOpen;
  };
  struct SentRow {
    KeyRow row;
    Clock::time_point since;
  };

  void delivered(std::uint64_t tag, const std::optional<std::string>& failure, std::int64_t offset) override;
  void lost_all_brokers(const std::string& why) override;

  // Under the mutex.
  std::uint64_t send_row(KeyRow row);
  std::uint64_t rows_needed(std::vector<WrappedKey> keys);
  void produce_ready();
  void end_session(std::uint64_t first_unknown, const std::string& why);
  std::optional<Clock::time_point> waiting_since() const;

  void run(const std::stop_token& stop);
  void settle();
  void look_for_brokers();
  void give_up();
  void start_session(std::chrono::milliseconds warm_up);
  void warn(const std::string& text) const;

  const KafkaOptions& options_;
  const std::uint32_t partition_;
  KeyFollower& keys_;
  KnownEnd& end_;

  mutable std::mutex mutex_;  // guards everything below but the producer and the threads
  std::condition_variable has_room_;
  std::condition_variable rows_moved_;
  std::deque<Item> items_;       // appended and not yet reported
  std::uint64_t first_ = 0;      // number of the first of them
  std::uint64_t next_ = 0;       // number of the first that is not produced yet
  std::size_t bytes_ = 0;        // of items_
  std::deque<SentRow> rows_;     // produced and not yet read back
  std::uint64_t rows_sent_ = 0;  // of this session
  std::uint64_t rows_back_ = 0;  // likewise
  std::uint64_t epoch_ = 0;
  bool is_broken_ = false;  // everything appended is unknown until the session is reopened
  std::optional<Clock::time_point> down_since_;
  std::optional<Clock::time_point> looked_at_;  // for brokers; the poller's own
  bool has_warned_ = false;                     // likewise

  std::unique_ptr<KafkaProducer> producer_;
  std::jthread poller_;
};

}  // namespace daybook::eventstore
