#include "eventstore/kafka/consumer.h"

#include <librdkafka/rdkafka.h>

#include "eventstore/log.h"

namespace daybook::eventstore {
namespace {

using TopicHandle = std::unique_ptr<rd_kafka_topic_t, FreeWith<rd_kafka_topic_destroy>>;
using QueueHandle = std::unique_ptr<rd_kafka_queue_t, FreeWith<rd_kafka_queue_destroy>>;
using MessageHandle = std::unique_ptr<rd_kafka_message_t, FreeWith<rd_kafka_message_destroy>>;
using PartitionsHandle =
    std::unique_ptr<rd_kafka_topic_partition_list_t, FreeWith<rd_kafka_topic_partition_list_destroy>>;

constexpr int kAskAgainMs = 20;

int in_ms(std::chrono::milliseconds time) { return static_cast<int>(time.count()); }

std::string bytes_of(const void* data, std::size_t size) { return {static_cast<const char*>(data), size}; }

Headers headers_of(const rd_kafka_message_t* message) {
  Headers headers;
  rd_kafka_headers_t* all = nullptr;
  if (rd_kafka_message_headers(message, &all) != RD_KAFKA_RESP_ERR_NO_ERROR) return headers;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0; rd_kafka_header_get_all(all, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
    headers.emplace_back(name, bytes_of(value, size));
  }
  return headers;
}

// Of a time in milliseconds, or of one of the two places that stand as times (Kafka protocol guide, ListOffsets).
std::int64_t offset_at(const KafkaClient& client, const KafkaOptions& options, const std::string& topic,
                       std::uint32_t partition, std::int64_t time, std::chrono::milliseconds within) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  auto error = RD_KAFKA_RESP_ERR_NO_ERROR;
  do {
    const PartitionsHandle asked(rd_kafka_topic_partition_list_new(1));
    auto* place = rd_kafka_topic_partition_list_add(asked.get(), topic.c_str(), static_cast<std::int32_t>(partition));
    place->offset = time;
    error = rd_kafka_offsets_for_times(client.get(), asked.get(), in_ms(within));
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) error = place->err;
    const bool is_none = time >= 0 && place->offset == RD_KAFKA_OFFSET_END;  // nothing is as late as that
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR && (place->offset >= 0 || is_none)) return place->offset;
    // The broker that was asked may not have heard of a new topic, or of a new leader.
    rd_kafka_poll(client.get(), kAskAgainMs);
  } while (std::chrono::steady_clock::now() < deadline);
  throw LogUnreachable(unreachable_text(options, "offsets of topic " + topic + ": " + rd_kafka_err2str(error)));
}

std::int64_t offset_at(const KafkaOptions& options, const std::string& topic, std::uint32_t partition,
                       std::int64_t time) {
  const KafkaClient client(KafkaClient::Role::kConsumer, options);
  return offset_at(client, options, topic, partition, time, options.start_timeout);
}

}  // namespace

struct KafkaConsumer::Inside {
  TopicHandle topic;
  QueueHandle queue;
};

KafkaConsumer::KafkaConsumer(const KafkaOptions& options, const std::string& topic, std::uint32_t partition,
                             std::uint64_t from_offset)
    : topic_(topic),
      partition_(static_cast<std::int32_t>(partition)),
      from_offset_(from_offset),
      client_(KafkaClient::Role::kConsumer, options),
      inside_(std::make_unique<Inside>()) {
  inside_->topic.reset(rd_kafka_topic_new(client_.get(), topic.c_str(), nullptr));
  inside_->queue.reset(rd_kafka_queue_new(client_.get()));
  const auto from = static_cast<std::int64_t>(from_offset);
  if (rd_kafka_consume_start_queue(inside_->topic.get(), partition_, from, inside_->queue.get()) != 0) {
    throw std::runtime_error(unreachable_text(options, rd_kafka_err2str(rd_kafka_last_error())));
  }
}

KafkaConsumer::~KafkaConsumer() { rd_kafka_consume_stop(inside_->topic.get(), partition_); }

std::uint64_t KafkaConsumer::end() const {
  std::int64_t first = 0;
  std::int64_t end = 0;
  rd_kafka_get_watermark_offsets(client_.get(), topic_.c_str(), partition_, &first, &end);
  return end > 0 ? static_cast<std::uint64_t>(end) : 0;
}

KafkaConsumer::Event KafkaConsumer::poll(std::chrono::milliseconds wait) {
  const MessageHandle message(rd_kafka_consume_queue(inside_->queue.get(), in_ms(wait)));
  if (!message) return {};
  const auto offset = static_cast<std::uint64_t>(message->offset);
  switch (message->err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR: {
      hindrance_.clear();
      Message event{offset, bytes_of(message->key, message->key_len), std::nullopt, headers_of(message.get())};
      if (message->payload != nullptr) event.value = bytes_of(message->payload, message->len);
      return event;
    }
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      hindrance_.clear();
      return End{offset};
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      throw LogDamaged({topic_, std::nullopt, from_offset_,
                        "the topic does not have this offset: it was made anew, cut, or its old records were deleted"});
    case RD_KAFKA_RESP_ERR__BAD_MSG:
      throw LogDamaged({topic_, std::nullopt, offset, rd_kafka_message_errstr(message.get())});
    default:
      hindrance_ = rd_kafka_message_errstr(message.get());
      return {};
  }
}

void KafkaConsumer::wake() { rd_kafka_queue_yield(inside_->queue.get()); }

EndQuery::EndQuery(const KafkaOptions& options, std::string topic)
    : options_(options), topic_(std::move(topic)), client_(KafkaClient::Role::kConsumer, options) {}

std::uint64_t EndQuery::ask(std::uint32_t partition, std::chrono::milliseconds within) const {
  return static_cast<std::uint64_t>(offset_at(client_, options_, topic_, partition, RD_KAFKA_OFFSET_END, within));
}

// The query made for the end ignores its time-out.
std::uint64_t end_of(const KafkaOptions& options, const std::string& topic, std::uint32_t partition) {
  return static_cast<std::uint64_t>(offset_at(options, topic, partition, RD_KAFKA_OFFSET_END));
}

std::uint64_t begin_of(const KafkaOptions& options, const std::string& topic, std::uint32_t partition) {
  return static_cast<std::uint64_t>(offset_at(options, topic, partition, RD_KAFKA_OFFSET_BEGINNING));
}

std::uint64_t first_since(const KafkaOptions& options, const std::string& topic, std::uint32_t partition,
                          std::chrono::milliseconds since_1970) {
  const std::int64_t offset = offset_at(options, topic, partition, since_1970.count());
  return offset < 0 ? end_of(options, topic, partition) : static_cast<std::uint64_t>(offset);
}

}  // namespace daybook::eventstore
