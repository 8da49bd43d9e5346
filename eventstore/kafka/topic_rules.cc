#include "eventstore/kafka/topic_rules.h"

#include <algorithm>
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
  switch (use) {
    case TopicUse::kRecords:
      all.insert({{"cleanup.policy", "delete"}, {"retention.ms", "-1"}, {"retention.bytes", "-1"}});
      break;
    case TopicUse::kKeys:
      // A destroyed key is gone from the disk once its segment is closed, at most ten minutes, and compacted, an hour.
      all.insert({{"cleanup.policy", "compact"},
                  {"segment.ms", "600000"},
                  {"max.compaction.lag.ms", "3600000"},
                  {"min.cleanable.dirty.ratio", "0.1"}});
      break;
    case TopicUse::kEvents:
      // Only closed segments are deleted.
      all.insert({{"cleanup.policy", "delete"},
                  {"retention.ms", std::to_string(wanted_.retention.count())},
                  {"segment.ms", std::to_string(std::max<std::int64_t>(wanted_.retention.count() / 7, 60'000))}});
      all["max.message.bytes"] = std::to_string(kLargestEventBytes);
      break;
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

// Gathers what is wrong with one topic.
class TopicRules::Judge {
 public:
  Judge(const TopicRules& rules, const TopicFacts& topic) : rules_(rules), topic_(topic) {}

  void problem(const std::string& what, const std::string& why, const std::string& command) {
    verdict.problems.push_back("topic " + topic_.name + ": " + what + ", " + why + "; run: " + command);
  }
  void must_be(const std::string& setting, const std::string& value, const std::string& why) {
    const std::string is = value_of(topic_, setting);
    if (is != value) problem(setting + " is " + is, why, rules_.change_command(topic_.name, setting + "=" + value));
  }
  void must_reach(const std::string& setting, std::int64_t least, const std::string& why) {
    const std::string is = value_of(topic_, setting);
    if (number(is).value_or(0) >= least) return;
    problem(setting + " is " + is, why, rules_.change_command(topic_.name, setting + "=" + std::to_string(least)));
  }
  void must_lie_within(const std::string& setting, std::int64_t most, std::int64_t mend, const std::string& why) {
    const auto is = number(value_of(topic_, setting));
    if (is && *is >= 0 && *is <= most) return;
    problem(setting + " is " + value_of(topic_, setting), why,
            rules_.change_command(topic_.name, setting + "=" + std::to_string(mend)));
  }

  Verdict verdict;

 private:
  const TopicRules& rules_;
  const TopicFacts& topic_;
};

TopicRules::Verdict TopicRules::judge(const TopicFacts& topic, TopicUse use) const {
  Judge judge(*this, topic);
  if (!topic.exists) {
    judge.problem("it is not there", "and --create-topics was not given", create_command(topic.name, use));
    return judge.verdict;
  }
  if (use != TopicUse::kEvents && topic.partitions != wanted_.partitions) {
    judge.verdict.problems.push_back(
        "topic " + topic.name + ": it has " + std::to_string(topic.partitions) + " partitions and not " +
        std::to_string(wanted_.partitions) +
        ", so workspaces would be looked for where they are not; start with --partitions " +
        std::to_string(topic.partitions));
  }
  switch (use) {
    case TopicUse::kRecords:
      judge.must_be("cleanup.policy", "delete", "which would drop records that look alike");
      judge.must_be("retention.ms", "-1", "which deletes old records");
      judge.must_be("retention.bytes", "-1", "which deletes old records");
      break;
    case TopicUse::kKeys:
      judge.must_be("cleanup.policy", "compact", "which would keep destroyed keys or drop those in use");
      judge.must_lie_within("max.compaction.lag.ms", kDayMs, 3'600'000,
                            "so a destroyed key would stay on the disk for longer than a day");
      break;
    case TopicUse::kEvents:
      judge.must_be("cleanup.policy", "delete", "which would keep old events, and drop those of the same workspace");
      judge.must_lie_within("retention.ms", wanted_.retention.count(), wanted_.retention.count(),
                            "which keeps personal data in the clear for longer than --events-retention");
      break;
  }
  judge.must_be("unclean.leader.election.enable", "false", "which lets a broker that lacks records lead");
  judge.must_reach("max.message.bytes", use == TopicUse::kEvents ? kLargestEventBytes : kLeastRecordBytes,
                   "which refuses large records");
  if (topic.replicas >= 3) {
    judge.must_reach("min.insync.replicas", 2, "which acknowledges what a single broker holds");
  } else if (topic.replicas == 1 && value_of(topic, "flush.messages") != "1") {
    judge.verdict.warnings.push_back(
        "topic " + topic.name +
        ": it has one replica and is not synced before an acknowledgement, so a power cut loses "
        "acknowledged records; run: " +
        change_command(topic.name, "flush.messages=1"));
  }
  return judge.verdict;
}

}  // namespace daybook::eventstore
