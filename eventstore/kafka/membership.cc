#include "eventstore/kafka/membership.h"

#include <librdkafka/rdkafka.h>

#include <array>
#include <span>
#include <stdexcept>

#include "eventstore/log.h"

namespace daybook::eventstore {
namespace {

using MessageHandle = std::unique_ptr<rd_kafka_message_t, FreeWith<rd_kafka_message_destroy>>;
using ListHandle = std::unique_ptr<rd_kafka_topic_partition_list_t, FreeWith<rd_kafka_topic_partition_list_destroy>>;
using QueueHandle = std::unique_ptr<rd_kafka_queue_t, FreeWith<rd_kafka_queue_destroy>>;
using EventHandle = std::unique_ptr<rd_kafka_event_t, FreeWith<rd_kafka_event_destroy>>;

constexpr int kPollMs = 100;

// The time-out is the shortest that brokers take unless they are told otherwise (group.min.session.timeout.ms).
KafkaClient::Settings settings_of(const KafkaOptions& kafka, const std::string& client_id) {
  return {{"group.id", kafka.group()},
          {"client.id", client_id},
          {"partition.assignment.strategy", "range"},
          {"session.timeout.ms", "6000"},
          {"heartbeat.interval.ms", "500"}};
}

Member member_of(const rd_kafka_MemberDescription_t* described, const AddressSeal& addresses) {
  const std::string_view client_id = rd_kafka_MemberDescription_client_id(described);
  Member member{addresses.read(client_id), {}, {}};
  if (member.node_url.empty()) member.claimed_url = AddressSeal::claimed(client_id);
  const auto* assignment = rd_kafka_MemberDescription_assignment(described);
  const auto* list = assignment == nullptr ? nullptr : rd_kafka_MemberAssignment_partitions(assignment);
  if (list == nullptr) return member;
  for (const auto& place : std::span(list->elems, static_cast<std::size_t>(list->cnt))) {
    member.partitions.insert(static_cast<std::uint32_t>(place.partition));
  }
  return member;
}

}  // namespace

Membership::Membership(const KafkaOptions& kafka, const AddressSeal& addresses, Options options)
    : topic_(kafka.records_topic()),
      options_(std::move(options)),
      client_(KafkaClient::Role::kMember, kafka, this, settings_of(kafka, addresses.text(options_.node_url))) {
  rd_kafka_poll_set_consumer(client_.get());
}

Membership::~Membership() { stop(); }

void Membership::start() {
  const ListHandle topics(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(topics.get(), topic_.c_str(), RD_KAFKA_PARTITION_UA);
  rd_kafka_subscribe(client_.get(), topics.get());
  thread_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) const MessageHandle none(rd_kafka_consumer_poll(client_.get(), kPollMs));
  });
}

void Membership::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  rd_kafka_consumer_close(client_.get());
}

std::vector<Member> members_of(const KafkaOptions& kafka, const AddressSeal& addresses) {
  const KafkaClient client(KafkaClient::Role::kConsumer, kafka);
  const QueueHandle queue(rd_kafka_queue_new(client.get()));
  const std::string group = kafka.group();
  std::array<const char*, 1> asked{group.c_str()};
  rd_kafka_DescribeConsumerGroups(client.get(), asked.data(), asked.size(), nullptr, queue.get());
  const EventHandle event(rd_kafka_queue_poll(queue.get(), static_cast<int>(kafka.start_timeout.count())));
  if (!event) throw LogUnreachable(unreachable_text(kafka, "no answer about the group " + group));
  if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw LogUnreachable(unreachable_text(kafka, rd_kafka_event_error_string(event.get())));
  }
  std::vector<Member> members;
  std::size_t count = 0;
  const auto* result = rd_kafka_event_DescribeConsumerGroups_result(event.get());
  const auto* const* groups = rd_kafka_DescribeConsumerGroups_result_groups(result, &count);
  for (const auto* described : std::span(groups, count)) {
    const auto* error = rd_kafka_ConsumerGroupDescription_error(described);
    if (error != nullptr && rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND) continue;
    if (error != nullptr) throw std::runtime_error("group " + group + ": " + rd_kafka_error_string(error));
    for (std::size_t i = 0; i < rd_kafka_ConsumerGroupDescription_member_count(described); ++i) {
      members.push_back(member_of(rd_kafka_ConsumerGroupDescription_member(described, i), addresses));
    }
  }
  return members;
}

}  // namespace daybook::eventstore
