#include "eventstore/kafka/topic_admin.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>

#include "eventstore/log.h"

namespace daybook::eventstore {
namespace {

using QueueHandle = std::unique_ptr<rd_kafka_queue_t, FreeWith<rd_kafka_queue_destroy>>;
using EventHandle = std::unique_ptr<rd_kafka_event_t, FreeWith<rd_kafka_event_destroy>>;
using MetadataHandle = std::unique_ptr<const rd_kafka_metadata_t, FreeWith<rd_kafka_metadata_destroy>>;
using NewTopicHandle = std::unique_ptr<rd_kafka_NewTopic_t, FreeWith<rd_kafka_NewTopic_destroy>>;
using ConfigHandle = std::unique_ptr<rd_kafka_ConfigResource_t, FreeWith<rd_kafka_ConfigResource_destroy>>;
using TopicHandle = std::unique_ptr<rd_kafka_topic_t, FreeWith<rd_kafka_topic_destroy>>;

constexpr int kAskAgainMs = 20;
constexpr std::chrono::seconds kSilence{2};

int in_ms(std::chrono::milliseconds time) { return static_cast<int>(time.count()); }

std::string waiting_text(const KafkaOptions& options) {
  const auto at_most = std::chrono::ceil<std::chrono::seconds>(options.start_timeout);
  return "waiting for Kafka at " + options.brokers + ", which does not answer, for " + std::to_string(at_most.count()) +
         " s at most; see --brokers, and that the brokers run";
}

// Of one topic, without making it. Whoever waits is told what for.
MetadataHandle metadata_of(rd_kafka_t* client, const std::string& topic, const KafkaOptions& options) {
  const TopicHandle handle(rd_kafka_topic_new(client, topic.c_str(), nullptr));
  const rd_kafka_metadata_t* answer = nullptr;
  const auto silent = std::min<std::chrono::milliseconds>(kSilence, options.start_timeout);
  auto error = rd_kafka_metadata(client, 0, handle.get(), &answer, in_ms(silent));
  const bool is_silence = error == RD_KAFKA_RESP_ERR__TRANSPORT || error == RD_KAFKA_RESP_ERR__TIMED_OUT;
  if (is_silence && options.start_timeout > silent) {
    if (options.on_warning) options.on_warning(waiting_text(options));
    error = rd_kafka_metadata(client, 0, handle.get(), &answer, in_ms(options.start_timeout - silent));
  }
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw LogUnreachable(unreachable_text(options, rd_kafka_err2str(error)));
  return MetadataHandle(answer);
}

EventHandle answer_of(rd_kafka_queue_t* queue, const KafkaOptions& options) {
  EventHandle event(rd_kafka_queue_poll(queue, in_ms(options.start_timeout)));
  if (!event) throw LogUnreachable(unreachable_text(options, "no answer to an administrative request"));
  if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw LogUnreachable(unreachable_text(options, rd_kafka_event_error_string(event.get())));
  }
  return event;
}

bool can_be_written(const rd_kafka_metadata_topic_t& topic) {
  const std::span partitions(topic.partitions, static_cast<std::size_t>(topic.partition_cnt));
  return topic.err == RD_KAFKA_RESP_ERR_NO_ERROR && !partitions.empty() &&
         std::ranges::all_of(partitions, [](const auto& partition) { return partition.leader >= 0; });
}

}  // namespace

TopicAdmin::TopicAdmin(const KafkaOptions& options)
    : options_(options), client_(KafkaClient::Role::kConsumer, options) {}

std::uint32_t TopicAdmin::broker_count() {
  return static_cast<std::uint32_t>(metadata_of(client_.get(), options_.records_topic(), options_)->broker_cnt);
}

TopicFacts TopicAdmin::describe(const std::string& topic) {
  const auto metadata = metadata_of(client_.get(), topic, options_);
  TopicFacts facts{.name = topic};
  if (metadata->topic_cnt != 1) return facts;
  const rd_kafka_metadata_topic_t& found = metadata->topics[0];
  if (found.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) return facts;
  if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR && found.err != RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE) {
    throw std::runtime_error("topic " + topic + ": " + rd_kafka_err2str(found.err));
  }
  facts.partitions = static_cast<std::uint32_t>(found.partition_cnt);
  const std::span partitions(found.partitions, facts.partitions);
  for (const auto& partition : partitions) {
    const auto replicas = static_cast<std::uint32_t>(partition.replica_cnt);
    const auto in_sync = partition.leader < 0 ? 0 : static_cast<std::uint32_t>(partition.isr_cnt);
    const bool is_first = &partition == partitions.data();
    facts.replicas = is_first ? replicas : std::min(facts.replicas, replicas);
    facts.in_sync = is_first ? in_sync : std::min(facts.in_sync, in_sync);
  }
  facts.exists = read_settings(facts);
  return facts;
}

// False where the broker that was asked does not know the topic yet.
bool TopicAdmin::read_settings(TopicFacts& facts) {
  const QueueHandle queue(rd_kafka_queue_new(client_.get()));
  const ConfigHandle asked(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, facts.name.c_str()));
  std::array<rd_kafka_ConfigResource_t*, 1> all{asked.get()};
  rd_kafka_DescribeConfigs(client_.get(), all.data(), all.size(), nullptr, queue.get());
  const auto event = answer_of(queue.get(), options_);
  std::size_t count = 0;
  const auto* result = rd_kafka_event_DescribeConfigs_result(event.get());
  const auto* const* resources = rd_kafka_DescribeConfigs_result_resources(result, &count);
  for (const auto* resource : std::span(resources, count)) {
    const auto error = rd_kafka_ConfigResource_error(resource);
    if (error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) return false;
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      const char* why = rd_kafka_ConfigResource_error_string(resource);
      throw std::runtime_error("the settings of topic " + facts.name + " cannot be read: " + (why ? why : "?"));
    }
    std::size_t entries = 0;
    const auto* const* configs = rd_kafka_ConfigResource_configs(resource, &entries);
    for (const auto* entry : std::span(configs, entries)) {
      const char* value = rd_kafka_ConfigEntry_value(entry);
      facts.settings[rd_kafka_ConfigEntry_name(entry)] = value == nullptr ? "" : value;
    }
  }
  return true;
}

TopicFacts TopicAdmin::create(const std::string& topic, std::uint32_t partitions, std::uint32_t replicas,
                              const std::map<std::string, std::string>& settings) {
  std::array<char, 512> error{};
  const NewTopicHandle wanted(rd_kafka_NewTopic_new(topic.c_str(), static_cast<int>(partitions),
                                                    static_cast<int>(replicas), error.data(), error.size()));
  if (!wanted) throw std::runtime_error("topic " + topic + " cannot be made: " + error.data());
  for (const auto& [name, value] : settings) rd_kafka_NewTopic_set_config(wanted.get(), name.c_str(), value.c_str());
  const QueueHandle queue(rd_kafka_queue_new(client_.get()));
  std::array<rd_kafka_NewTopic_t*, 1> all{wanted.get()};
  rd_kafka_CreateTopics(client_.get(), all.data(), all.size(), nullptr, queue.get());
  const auto event = answer_of(queue.get(), options_);
  std::size_t count = 0;
  const auto* const* results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  for (const auto* result : std::span(results, count)) {
    const auto refusal = rd_kafka_topic_result_error(result);
    if (refusal == RD_KAFKA_RESP_ERR_NO_ERROR || refusal == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
    const char* why = rd_kafka_topic_result_error_string(result);
    throw std::runtime_error("topic " + topic + " cannot be made: " + (why ? why : rd_kafka_err2str(refusal)));
  }
  const auto deadline = std::chrono::steady_clock::now() + options_.start_timeout;
  while (std::chrono::steady_clock::now() < deadline) {
    const auto metadata = metadata_of(client_.get(), topic, options_);
    TopicFacts facts = describe(topic);
    if (facts.exists && metadata->topic_cnt == 1 && can_be_written(metadata->topics[0])) return facts;
    rd_kafka_poll(client_.get(), kAskAgainMs);
  }
  throw LogUnreachable(unreachable_text(options_, "topic " + topic + " was made and has no leader"));
}

namespace {

// One topic as the rules want it, made where that is asked for; what is wrong with it, a line each.
std::string prepare(TopicAdmin& admin, const KafkaOptions& options, const std::string& topic, TopicUse use,
                    const TopicRules::Wanted& wanted) {
  const TopicRules rules(wanted);
  TopicFacts facts = admin.describe(topic);
  if (!facts.exists && options.create_topics) {
    facts = admin.create(topic, wanted.partitions, wanted.replicas, rules.settings(use));
  }
  const auto verdict = rules.judge(facts, use);
  for (const std::string& warning : verdict.warnings) {
    if (options.on_warning) options.on_warning(warning);
  }
  std::string problems;
  for (const std::string& problem : verdict.problems) problems += "\n  " + problem;
  return problems;
}

}  // namespace

std::uint32_t replicas_for(std::uint32_t brokers) { return brokers >= 3 ? 3 : 1; }

void prepare_topics(const KafkaOptions& options) {
  TopicAdmin admin(options);
  const TopicRules::Wanted wanted{options.brokers, options.partitions, replicas_for(admin.broker_count())};
  const std::string problems = prepare(admin, options, options.records_topic(), TopicUse::kRecords, wanted) +
                               prepare(admin, options, options.keys_topic(), TopicUse::kKeys, wanted);
  if (!problems.empty()) throw std::runtime_error("Kafka's topics cannot hold the log:" + problems);
}

std::uint32_t prepare_events_topic(const KafkaOptions& options, const std::string& topic,
                                   std::chrono::milliseconds retention) {
  TopicAdmin admin(options);
  const std::string problems =
      prepare(admin, options, topic, TopicUse::kEvents,
              {options.brokers, kEventsPartitions, replicas_for(admin.broker_count()), retention});
  if (!problems.empty()) throw std::runtime_error("events cannot be published:" + problems);
  return admin.describe(topic).partitions;
}

}  // namespace daybook::eventstore
