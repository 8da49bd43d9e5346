#include "eventstore/kafka/topic_rules.h"

#include <charconv>
#include <cstdlib>
#include <optional>

namespace daybook::eventstore {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kLeastRecordBytes = 600 << 10;  // a record of 512 KiB, and what Kafka puts around it

std::optional<std::int64_t> number(const std::string& text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::string value_of(const TopicFacts& topic, const std::string& setting) {
  const auto found = topic.settings.find(setting);
  return found == topic.settings.end() ? "" : found->second;
}

}  // namespace

std::map<std::string, std::string> TopicRules::settings(TopicUse use) const {
  std::map<std::string, std::string> all{{"unclean.leader.election.enable", "false"},
                                         {"max.message.bytes", "1048588"},
                                         {"min.insync.replicas", wanted_.replicas >= 3 ? "2" : "1"}};
  if (use == TopicUse::kRecords) {
    all.insert({{"cleanup.policy", "delete"}, {"retention.ms", "-1"}, {"retention.bytes", "-1"}});
  } else {
    // A destroyed key is gone from the disk once its segment is closed, at most ten minutes, and compacted, an hour.
    all.insert({{"cleanup.policy", "compact"},
                {"segment.ms", "600000"},
                {"max.compaction.lag.ms", "3600000"},
                {"min.cleanable.dirty.ratio", "0.1"}});
  }
  if (wanted_.replicas == 1) all.insert({"flush.messages", "1"});
  return all;
}

std::string TopicRules::create_command(const std::string& name, TopicUse use) const {
  std::string command = "kafka-topics.sh --bootstrap-server " + wanted_.brokers + " --create --topic " + name +
                        " --partitions " + std::to_string(wanted_.partitions) + " --replication-factor " +
                        std::to_string(wanted_.replicas);
  for (const auto& [setting, value] : settings(use)) command += " --config " + setting + "=" + value;
  return command;
}

std::string TopicRules::change_command(const std::string& name, const std::string& setting) const {
  return "kafka-configs.sh --bootstrap-server " + wanted_.brokers + " --alter --entity-type topics --entity-name " +
         name + " --add-config " + setting;
}

TopicRules::Verdict TopicRules::judge(const TopicFacts& topic, TopicUse use) const {
  Verdict verdict;
  const auto problem = [&](const std::string& what, const std::string& why, const std::string& command) {
    verdict.problems.push_back("topic " + topic.name + ": " + what + ", " + why + "; run: " + command);
  };
  if (!topic.exists) {
    problem("it is not there", "and --create-topics was not given", create_command(topic.name, use));
    return verdict;
  }
  if (topic.partitions != wanted_.partitions) {
    verdict.problems.push_back("topic " + topic.name + ": it has " + std::to_string(topic.partitions) +
                               " partitions and not " + std::to_string(wanted_.partitions) +
                               ", so workspaces would be looked for where they are not; start with --partitions " +
                               std::to_string(topic.partitions));
  }
  const auto must_be = [&](const std::string& setting, const std::string& value, const std::string& why) {
    const std::string is = value_of(topic, setting);
    if (is != value) problem(setting + " is " + is, why, change_command(topic.name, setting + "=" + value));
  };
  const auto must_reach = [&](const std::string& setting, std::int64_t least, const std::string& why) {
    const std::string is = value_of(topic, setting);
    if (number(is).value_or(0) >= least) return;
    problem(setting + " is " + is, why, change_command(topic.name, setting + "=" + std::to_string(least)));
  };
  if (use == TopicUse::kRecords) {
    must_be("cleanup.policy", "delete", "which would drop records that look alike");
    must_be("retention.ms", "-1", "which deletes old records");
    must_be("retention.bytes", "-1", "which deletes old records");
  } else {
    must_be("cleanup.policy", "compact", "which would keep destroyed keys or drop those in use");
    const auto lag = number(value_of(topic, "max.compaction.lag.ms"));
    if (!lag || *lag > kDayMs) {
      problem("max.compaction.lag.ms is " + value_of(topic, "max.compaction.lag.ms"),
              "so a destroyed key would stay on the disk for longer than a day",
              change_command(topic.name, "max.compaction.lag.ms=3600000"));
    }
  }
  must_be("unclean.leader.election.enable", "false", "which lets a broker that lacks records lead");
  must_reach("max.message.bytes", kLeastRecordBytes, "which refuses large records");
  if (topic.replicas >= 3) {
    must_reach("min.insync.replicas", 2, "which acknowledges what a single broker holds");
  } else if (topic.replicas == 1 && value_of(topic, "flush.messages") != "1") {
    verdict.warnings.push_back("topic " + topic.name +
                               ": it has one replica and is not synced before an acknowledgement, so a power cut loses "
                               "acknowledged records; run: " +
                               change_command(topic.name, "flush.messages=1"));
  }
  return verdict;
}

}  // namespace daybook::eventstore
