#include "eventstore/kafka/topic_producer.h"

#include <librdkafka/rdkafka.h>

namespace daybook::eventstore {

TopicProducer::TopicProducer(const KafkaOptions& options, const std::string& topic, ClientListener& listener)
    : topic_(topic), client_(KafkaClient::Role::kProducer, options, &listener) {}

TopicProducer::~TopicProducer() = default;

std::optional<std::string> TopicProducer::produce(const TopicMessage& message, std::uint64_t tag) {
  std::unique_ptr<rd_kafka_headers_t, FreeWith<rd_kafka_headers_destroy>> headers(
      rd_kafka_headers_new(message.headers.size()));
  for (const auto& [name, value] : message.headers) {
    rd_kafka_header_add(headers.get(), name.data(), static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
  }
  // The library copies the bytes, and takes them as they may not be changed only by its type.
  void* bytes = const_cast<char*>(message.value.data());
  const auto error =
      rd_kafka_producev(client_.get(), RD_KAFKA_V_TOPIC(topic_.c_str()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                        RD_KAFKA_V_KEY(message.key.data(), message.key.size()),
                        RD_KAFKA_V_VALUE(bytes, message.value.size()), RD_KAFKA_V_HEADERS(headers.get()),
                        RD_KAFKA_V_OPAQUE(reinterpret_cast<void*>(static_cast<std::uintptr_t>(tag))), RD_KAFKA_V_END);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return std::string(rd_kafka_err2str(error));
  static_cast<void>(headers.release());  // they are the message's now
  return std::nullopt;
}

void TopicProducer::poll(std::chrono::milliseconds wait) {
  rd_kafka_poll(client_.get(), static_cast<int>(wait.count()));
}

void TopicProducer::give_up() {
  rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  while (rd_kafka_outq_len(client_.get()) > 0) rd_kafka_poll(client_.get(), 10);
}

}  // namespace daybook::eventstore
