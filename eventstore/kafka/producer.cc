#include "eventstore/kafka/producer.h"

#include <librdkafka/rdkafka.h>

namespace daybook::eventstore {
namespace {

using TopicHandle = std::unique_ptr<rd_kafka_topic_t, FreeWith<rd_kafka_topic_destroy>>;

int in_ms(std::chrono::milliseconds time) { return static_cast<int>(time.count()); }

bool ask_for(rd_kafka_t* client, rd_kafka_topic_t* topic, std::chrono::milliseconds within) {
  const rd_kafka_metadata_t* answer = nullptr;
  const auto error = rd_kafka_metadata(client, 0, topic, &answer, in_ms(within));
  if (answer != nullptr) rd_kafka_metadata_destroy(answer);
  return error == RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // namespace

struct KafkaProducer::Topics {
  TopicHandle records;
  TopicHandle keys;
};

KafkaProducer::KafkaProducer(const KafkaOptions& options, std::uint32_t partition, ClientListener& listener,
                             std::chrono::milliseconds warm_up)
    : partition_(static_cast<std::int32_t>(partition)),
      client_(KafkaClient::Role::kProducer, options, &listener),
      topics_(std::make_unique<Topics>()) {
  topics_->records.reset(rd_kafka_topic_new(client_.get(), options.records_topic().c_str(), nullptr));
  topics_->keys.reset(rd_kafka_topic_new(client_.get(), options.keys_topic().c_str(), nullptr));
  if (ask_for(client_.get(), topics_->records.get(), warm_up)) ask_for(client_.get(), topics_->keys.get(), warm_up);
}

KafkaProducer::~KafkaProducer() = default;

std::optional<std::string> KafkaProducer::produce(Topic topic, const std::string& key, const std::string& value,
                                                  std::uint64_t tag) {
  rd_kafka_topic_t* to = topic == Topic::kRecords ? topics_->records.get() : topics_->keys.get();
  // The library copies the bytes, and takes them as they may not be changed only by its type.
  void* bytes = const_cast<char*>(value.data());
  const int taken = rd_kafka_produce(to, partition_, RD_KAFKA_MSG_F_COPY, bytes, value.size(), key.data(), key.size(),
                                     reinterpret_cast<void*>(static_cast<std::uintptr_t>(tag)));
  if (taken == 0) return std::nullopt;
  return std::string(rd_kafka_err2str(rd_kafka_last_error()));
}

void KafkaProducer::poll(std::chrono::milliseconds wait) { rd_kafka_poll(client_.get(), in_ms(wait)); }

bool KafkaProducer::reaches_a_broker(std::chrono::milliseconds within) {
  return ask_for(client_.get(), topics_->records.get(), within);
}

void KafkaProducer::give_up() {
  rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  while (rd_kafka_outq_len(client_.get()) > 0) rd_kafka_poll(client_.get(), 10);
}

}  // namespace daybook::eventstore
