#include "eventstore/kafka/membership.h"

#include <librdkafka/rdkafka.h>

#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

#include "eventstore/log.h"
#include "model/named_thread.h"

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
  thread_ = model::named_thread("kafka-group", [this](const std::stop_token& stop) {
    while (!stop.stop_requested()) const MessageHandle none(rd_kafka_consumer_poll(client_.get(), kPollMs));
  });
}

void Membership::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  rd_kafka_consumer_close(client_.get());
}

namespace {

// A coordinator that is just being chosen, or still reads what it coordinates, says so.
bool is_passing(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS ||
         error == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE || error == RD_KAFKA_RESP_ERR_NOT_COORDINATOR;
}

// The members; nothing where it is to be asked again.
std::optional<std::vector<Member>> ask_for_members(const KafkaClient& client, const KafkaOptions& kafka,
                                                   const AddressSeal& addresses, std::chrono::milliseconds within) {
  const QueueHandle queue(rd_kafka_queue_new(client.get()));
  const std::string group = kafka.group();
  std::array<const char*, 1> asked{group.c_str()};
  rd_kafka_DescribeConsumerGroups(client.get(), asked.data(), asked.size(), nullptr, queue.get());
  const EventHandle event(rd_kafka_queue_poll(queue.get(), static_cast<int>(within.count())));
  if (!event) throw LogUnreachable(unreachable_text(kafka, "no answer about the group " + group));
  if (const auto error = rd_kafka_event_error(event.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (is_passing(error)) return std::nullopt;
    throw LogUnreachable(unreachable_text(kafka, rd_kafka_event_error_string(event.get())));
  }
  std::vector<Member> members;
  std::size_t count = 0;
  const auto* result = rd_kafka_event_DescribeConsumerGroups_result(event.get());
  const auto* const* groups = rd_kafka_DescribeConsumerGroups_result_groups(result, &count);
  for (const auto* described : std::span(groups, count)) {
    const auto* error = rd_kafka_ConsumerGroupDescription_error(described);
    const auto code = error == nullptr ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_error_code(error);
    if (code == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND) continue;
    if (is_passing(code)) return std::nullopt;
    if (error != nullptr) throw std::runtime_error("group " + group + ": " + rd_kafka_error_string(error));
    for (std::size_t i = 0; i < rd_kafka_ConsumerGroupDescription_member_count(described); ++i) {
      members.push_back(member_of(rd_kafka_ConsumerGroupDescription_member(described, i), addresses));
    }
  }
  return members;
}

}  // namespace

std::vector<Member> members_of(const KafkaOptions& kafka, const AddressSeal& addresses) {
  using std::chrono::milliseconds;
  using Clock = std::chrono::steady_clock;
  const KafkaClient client(KafkaClient::Role::kConsumer, kafka);
  const auto deadline = Clock::now() + kafka.start_timeout;
  for (auto now = Clock::now(); now < deadline; now = Clock::now()) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - now);
    if (auto members = ask_for_members(client, kafka, addresses, left)) return std::move(*members);
    rd_kafka_poll(client.get(), kPollMs);
  }
  throw LogUnreachable(unreachable_text(kafka, "the group " + kafka.group() + " has no coordinator yet"));
}

}  // namespace daybook::eventstore
