#include "eventstore/kafka/topic_producer.h"

#include <librdkafka/rdkafka.h>

#include <array>

namespace daybook::eventstore {
namespace {

using HeadersHandle = std::unique_ptr<rd_kafka_headers_t, FreeWith<rd_kafka_headers_destroy>>;
using ErrorHandle = std::unique_ptr<rd_kafka_error_t, FreeWith<rd_kafka_error_destroy>>;

// The library copies the bytes, and takes them as they may not be changed only by its type.
void* copied(const std::string& bytes) { return const_cast<char*>(bytes.data()); }

}  // namespace

TopicProducer::TopicProducer(const KafkaOptions& options, const std::string& topic, ClientListener& listener)
    : topic_(topic), client_(KafkaClient::Role::kProducer, options, &listener) {}

TopicProducer::~TopicProducer() = default;

std::optional<std::string> TopicProducer::produce(const TopicMessage& message, std::uint64_t tag) {
  HeadersHandle headers(rd_kafka_headers_new(message.headers.size()));
  for (const auto& [name, value] : message.headers) {
    rd_kafka_header_add(headers.get(), name.data(), static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
  }
  std::array<rd_kafka_vu_t, 6> parts{};
  parts[0].vtype = RD_KAFKA_VTYPE_TOPIC;
  parts[0].u.cstr = topic_.c_str();
  parts[1].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  parts[1].u.i = RD_KAFKA_MSG_F_COPY;
  parts[2].vtype = RD_KAFKA_VTYPE_KEY;
  parts[2].u.mem = {copied(message.key), message.key.size()};
  parts[3].vtype = RD_KAFKA_VTYPE_VALUE;
  parts[3].u.mem = {copied(message.value), message.value.size()};
  parts[4].vtype = RD_KAFKA_VTYPE_HEADERS;
  parts[4].u.headers = headers.get();
  parts[5].vtype = RD_KAFKA_VTYPE_OPAQUE;
  parts[5].u.ptr = reinterpret_cast<void*>(static_cast<std::uintptr_t>(tag));
  const ErrorHandle error(rd_kafka_produceva(client_.get(), parts.data(), parts.size()));
  if (error) return std::string(rd_kafka_error_string(error.get()));
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
