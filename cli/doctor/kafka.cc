#include "cli/doctor/kafka.h"

#include <charconv>
#include <chrono>
#include <utility>
#include <variant>

#include "cli/half_copy.h"
#include "cli/open_log.h"
#include "eventstore/kafka/client.h"
#include "eventstore/kafka/consumer.h"
#include "eventstore/kafka/topic_admin.h"
#include "eventstore/log.h"
#include "eventstore/log_moved.h"

namespace daybook::cli {
namespace {

using eventstore::TopicFacts;
using eventstore::TopicRules;
using eventstore::TopicUse;

constexpr std::chrono::seconds kPatience{3};
constexpr std::chrono::seconds kRecordWithin{10};  // it is known to be there

std::string counted(std::uint32_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

// The texts begin with the topic, which is the name of the check.
std::string_view without_topic(std::string_view text) {
  const std::size_t colon = text.find(": ");
  return colon == std::string_view::npos ? text : text.substr(colon + 2);
}

std::uint32_t least_in_sync(const TopicFacts& topic) {
  std::uint32_t value = 1;
  if (const auto found = topic.settings.find("min.insync.replicas"); found != topic.settings.end()) {
    std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
  }
  return value;
}

void add_topic(const TopicFacts& topic, const TopicRules& rules, TopicUse use, bool is_made_at_start, Checks& checks) {
  const std::string name = "topic " + topic.name;
  if (!topic.exists && is_made_at_start) {
    checks.push_back(ok(name, "is not there yet; the next start makes it"));
    return;
  }
  const auto verdict = rules.judge(topic, use);
  for (const std::string& problem : verdict.problems) checks.push_back(failure_of(name, without_topic(problem)));
  for (const std::string& line : verdict.warnings) checks.push_back(warning_of(name, without_topic(line)));
  if (topic.exists && topic.in_sync < least_in_sync(topic)) {
    checks.push_back(failure(name,
                             "a partition cannot be written: " + counted(topic.in_sync, "replica") +
                                 " in sync, and it takes " + std::to_string(least_in_sync(topic)),
                             "start the brokers that are down"));
  } else if (verdict.problems.empty() && verdict.warnings.empty()) {
    checks.push_back(ok(name, counted(topic.partitions, "partition") + ", " + counted(topic.replicas, "replica") +
                                  " each, the settings as they must be"));
  }
}

// A node whose keys are still on another one would refuse the log. Those of a copy come when it ends.
void add_missing_keys(const NodeOptions& options, Checks& checks) {
  if (std::filesystem::exists(options.data / "keys" / "master.key") || find_half_copy(options.data)) return;
  const auto kafka = impatient(options.log.kafka);
  if (eventstore::end_of(kafka, kafka.records_topic(), 0) == 0) return;
  checks.push_back(failure("master key", "the topics hold records already, and their key is not here",
                           "cp -rp FIRST-NODE/keys FIRST-NODE/operator.key " + options.data.string()));
}

// The record at the offset; a broker that has just begun to lead may refuse a first time.
std::string record_at(const eventstore::KafkaOptions& kafka, std::uint64_t offset) {
  eventstore::KafkaConsumer consumer(kafka, kafka.records_topic(), 0, offset);
  const auto deadline = std::chrono::steady_clock::now() + kRecordWithin;
  while (std::chrono::steady_clock::now() < deadline) {
    auto event = consumer.poll(kPatience);
    if (auto* message = std::get_if<eventstore::KafkaConsumer::Message>(&event)) {
      return std::move(message->value).value_or("");
    }
  }
  throw eventstore::LogUnreachable(eventstore::unreachable_text(
      kafka, "the record at offset " + std::to_string(offset) + " is not handed out; " + consumer.hindrance()));
}

// Nobody serves a log that moved; its last record says so.
void add_moved(const eventstore::KafkaOptions& kafka, Checks& checks) {
  const std::uint64_t end = eventstore::end_of(kafka, kafka.records_topic(), 0);
  if (end == 0) return;
  if (const auto moved = eventstore::moved_text(record_at(kafka, end - 1))) {
    checks.push_back(failure_of("log", *moved));
  }
}

}  // namespace

eventstore::KafkaOptions impatient(eventstore::KafkaOptions options) {
  options.start_timeout = kPatience;
  return options;
}

Checks check_kafka(const NodeOptions& options) {
  Checks checks;
  const eventstore::KafkaOptions kafka = impatient(options.log.kafka);
  eventstore::TopicAdmin admin(kafka);
  const std::uint32_t brokers = admin.broker_count();
  checks.push_back(ok("brokers", counted(brokers, "broker") + " of Kafka at " + kafka.brokers));
  const std::uint32_t replicas = eventstore::replicas_for(brokers);
  if (options.log.is_on_kafka) {
    if (const auto other = find_other_log(options.data, options.log)) checks.push_back(failure_of("log", *other));
    const TopicRules rules({kafka.brokers, kafka.partitions, replicas});
    const TopicFacts records = admin.describe(kafka.records_topic());
    add_topic(records, rules, TopicUse::kRecords, kafka.create_topics, checks);
    add_topic(admin.describe(kafka.keys_topic()), rules, TopicUse::kKeys, kafka.create_topics, checks);
    if (records.exists) {
      add_missing_keys(options, checks);
      add_moved(kafka, checks);
    }
  }
  if (!options.events_topic.empty()) {
    const TopicRules rules({kafka.brokers, eventstore::kEventsPartitions, replicas, options.events_retention});
    add_topic(admin.describe(options.events_topic), rules, TopicUse::kEvents, kafka.create_topics, checks);
  }
  return checks;
}

}  // namespace daybook::cli
