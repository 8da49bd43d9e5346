#include "eventstore/kafka/client.h"

#include <librdkafka/rdkafka.h>

#include <array>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace daybook::eventstore {
namespace {

KafkaClient::Settings settings_of(KafkaClient::Role role, const KafkaOptions& options) {
  KafkaClient::Settings settings{{"bootstrap.servers", options.brokers},
                                 {"client.id", "daybook"},
                                 {"socket.timeout.ms", "10000"},
                                 {"socket.nagle.disable", "true"},
                                 {"reconnect.backoff.ms", "50"},
                                 {"reconnect.backoff.max.ms", "500"},
                                 {"topic.metadata.refresh.interval.ms", "60000"},
                                 {"log.connection.close", "false"}};
  if (role == KafkaClient::Role::kProducer) {
    // The queue is bounded by the appender, below these limits.
    settings.insert(settings.end(),
                    {{"acks", "all"},
                     {"enable.idempotence", "true"},
                     {"linger.ms", "0"},
                     {"max.in.flight.requests.per.connection", "1"},  // what comes meanwhile goes together
                     {"message.timeout.ms", std::to_string(options.message_timeout.count())},
                     {"message.max.bytes", std::to_string(options.largest_message)},
                     {"partitioner", "murmur2_random"},  // a key goes where Java clients send it
                     {"queue.buffering.max.messages", "1000000"},
                     {"queue.buffering.max.kbytes", "1048576"}});
  } else {
    settings.insert(settings.end(), {{"enable.auto.commit", "false"},
                                     {"enable.auto.offset.store", "false"},
                                     {"auto.offset.reset", "error"},
                                     {"enable.partition.eof", "true"},
                                     {"check.crcs", "true"},
                                     {"isolation.level", "read_uncommitted"},
                                     {"fetch.wait.max.ms", "50"},
                                     {"fetch.error.backoff.ms", "20"},
                                     {"queued.max.messages.kbytes", "16384"}});
  }
  return settings;
}

}  // namespace

struct KafkaClient::Inside {
  ClientListener* listener;
  std::function<int(int, const sockaddr*, socklen_t)> connect;
  std::unique_ptr<rd_kafka_t, FreeWith<rd_kafka_destroy>> client;

  static void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
    auto* listener = static_cast<Inside*>(opaque)->listener;
    std::optional<std::string> failure;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) failure = rd_kafka_err2str(message->err);
    const auto tag = reinterpret_cast<std::uintptr_t>(message->_private);
    listener->delivered(tag, failure, failure ? -1 : message->offset);
  }
  static void on_error(rd_kafka_t*, int error, const char* reason, void* opaque) {
    auto* listener = static_cast<Inside*>(opaque)->listener;
    if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) listener->lost_all_brokers(reason);
  }
  // Nothing is fetched by a member: the hint is all that is wanted of the group, and so nothing is taken on.
  static void on_rebalance(rd_kafka_t* client, rd_kafka_resp_err_t event, rd_kafka_topic_partition_list_t* list,
                           void* opaque) {
    std::set<std::uint32_t> partitions;
    if (event == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
      for (const auto& place : std::span(list->elems, static_cast<std::size_t>(list->cnt))) {
        partitions.insert(static_cast<std::uint32_t>(place.partition));
      }
    }
    const bool is_lost = event != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && rd_kafka_assignment_lost(client) != 0;
    const std::unique_ptr<rd_kafka_topic_partition_list_t, FreeWith<rd_kafka_topic_partition_list_destroy>> none(
        rd_kafka_topic_partition_list_new(0));
    rd_kafka_assign(client, event == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS ? none.get() : nullptr);
    // What is only taken back is given to somebody in a moment; what is lost may have been given to others already.
    if (event == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS || is_lost) {
      static_cast<Inside*>(opaque)->listener->assigned(partitions);
    }
  }
  static int on_connect(int socket, const sockaddr* address, int length, const char*, void* opaque) {
    return static_cast<Inside*>(opaque)->connect(socket, address, static_cast<socklen_t>(length));
  }
  // What matters reaches the owner as an error or a failed report; the library's own lines would go to stderr.
  static void on_log(const rd_kafka_t*, int, const char*, const char*) {}
};

KafkaClient::KafkaClient(Role role, const KafkaOptions& options, ClientListener* listener, const Settings& more)
    : inside_(std::make_unique<Inside>()) {
  inside_->listener = listener;
  inside_->connect = options.connect;
  std::array<char, 512> error{};
  std::unique_ptr<rd_kafka_conf_t, FreeWith<rd_kafka_conf_destroy>> conf(rd_kafka_conf_new());
  Settings settings = settings_of(role, options);
  settings.insert(settings.end(), more.begin(), more.end());
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), error.data(), error.size()) != RD_KAFKA_CONF_OK) {
      throw std::runtime_error("Kafka client: " + name + " = \"" + value + "\": " + error.data());
    }
  }
  rd_kafka_conf_set_opaque(conf.get(), inside_.get());
  rd_kafka_conf_set_log_cb(conf.get(), Inside::on_log);
  if (inside_->connect) rd_kafka_conf_set_connect_cb(conf.get(), Inside::on_connect);
  if (listener != nullptr) {
    rd_kafka_conf_set_dr_msg_cb(conf.get(), Inside::on_delivery);
    rd_kafka_conf_set_error_cb(conf.get(), Inside::on_error);
    if (role == Role::kMember) rd_kafka_conf_set_rebalance_cb(conf.get(), Inside::on_rebalance);
  }
  const auto type = role == Role::kProducer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER;
  inside_->client.reset(rd_kafka_new(type, conf.get(), error.data(), error.size()));
  if (!inside_->client) {
    throw std::runtime_error("Kafka client for \"" + options.brokers + "\": " + error.data() + "; see --brokers");
  }
  static_cast<void>(conf.release());  // it is the client's now
}

KafkaClient::~KafkaClient() = default;

rd_kafka_s* KafkaClient::get() const { return inside_->client.get(); }

std::string unreachable_text(const KafkaOptions& options, const std::string& why) {
  return "Kafka at " + options.brokers + " does not answer as it should: " + why +
         "; see that the brokers run, and that they and their advertised addresses are reached from here";
}

}  // namespace daybook::eventstore
