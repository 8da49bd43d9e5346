#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>

#include "consumers/publisher/backlog.h"
#include "eventstore/kafka/topic_producer.h"
#include "eventstore/writers.h"
#include "projections/projector.h"

namespace daybook::consumers {

/// Publishes every event of every workspace of a partition on a topic of Kafka, at least once and in order of a
/// workspace's events, and reports by command how far it has come. It goes on where the topic ends (Takeover), so that
/// neither a kill nor the loss of the state directory leaves a hole. While no broker answers it tries again, later and
/// later; nothing else waits for it. While another server has the partition, that one publishes.
class Publisher final : private eventstore::ClientListener {
 public:
  struct Options {
    std::uint32_t partition = 0;  // of the log
    std::string topic;
    std::chrono::milliseconds retention{0};  // of a topic that is made, and the longest that is accepted
    eventstore::KafkaOptions kafka;          // brokers, and whether a missing topic is made
    /// The message of the event at the position; nothing where it cannot be read.
    std::function<std::optional<eventstore::TopicMessage>(const domain::RowReader&, model::WorkspaceId,
                                                          std::uint64_t position)>
        message_of;
    std::function<std::int64_t()> clock_us;
    std::chrono::milliseconds report_every{5'000};
    std::chrono::milliseconds first_retry{500};
    std::chrono::milliseconds longest_retry{30'000};
    std::function<void(const std::string&)> log;
  };

  /// All outlive the publisher.
  Publisher(const projections::StateStore& state, eventstore::Log& log, eventstore::Writers& writers, Options options);
  ~Publisher() override;
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  /// Makes or judges the topic. Throws std::runtime_error with the command that mends it, and LogUnreachable.
  void prepare_topic() const;
  /// Begins. Everything that is applied from here on must be told by `wake`; what was before is found out.
  void start();
  /// A batch was applied. Thread-safe; does not wait.
  void wake(const projections::Projector::Applied& applied);
  /// Begins to stop, so that several may wait at the same time.
  void request_stop() { thread_.request_stop(); }
  /// Waits a moment for what is on its way.
  void stop();

  struct Figures {
    std::uint64_t published = 0;   // messages acknowledged since the start
    std::uint64_t lag = 0;         // events that are there and not acknowledged
    std::uint64_t log_offset = 0;  // before which everything is published, as last reported
  };
  Figures figures() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Sent {
    model::WorkspaceId workspace;
    std::uint64_t position = 0;
    std::size_t bytes = 0;
  };

  void delivered(std::uint64_t tag, const std::optional<std::string>& failure, std::int64_t offset) override;
  void lost_all_brokers(const std::string& why) override;

  void run(const std::stop_token& stop);
  void publish(const std::stop_token& stop);
  void wait_to_retry(const std::stop_token& stop);
  bool has_partition() const { return writers_.of_partition(options_.partition).is_owner(); }
  bool is_over(const std::stop_token& stop) const { return stop.stop_requested() || !has_partition(); }
  void stand_by(const std::stop_token& stop);
  void forget();
  void absorb();
  void send(eventstore::TopicProducer& producer);
  void send(eventstore::TopicProducer& producer, const Backlog::Run& run);
  void mark_and_report();
  void report(const Backlog::Mark& mark);
  void wait(eventstore::TopicProducer& producer, const std::stop_token& stop);
  bool has_room() const;

  const projections::StateStore& state_;
  eventstore::Log& log_;
  eventstore::Writers& writers_;
  const Options options_;

  // The thread's own.
  Backlog backlog_;
  bool knows_backlog_ = false;
  model::Uuid log_id_;                 // of the log, once the backlog is known
  std::uint64_t absorbed_offset_ = 0;  // of the log: everything before it is in the backlog, or was
  std::unordered_map<std::uint64_t, Sent> sent_;
  std::size_t sent_bytes_ = 0;
  std::uint64_t next_tag_ = 0;
  std::optional<std::string> failure_;  // of this session; reports that come after it do not count
  bool has_published_ = false;          // since the last mark
  bool has_warned_ = false;             // that no broker answers
  Clock::time_point mark_due_;
  std::chrono::milliseconds retry_{0};

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable_any changed_;
  std::map<model::WorkspaceId, Backlog::Run> news_;
  std::uint64_t told_offset_ = 0;

  std::atomic<std::uint64_t> published_ = 0;
  std::atomic<std::uint64_t> backlog_size_ = 0;
  std::atomic<std::uint64_t> reported_offset_ = 0;

  std::jthread thread_;
};

}  // namespace daybook::consumers
