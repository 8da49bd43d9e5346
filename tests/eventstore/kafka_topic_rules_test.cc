#include <gmock/gmock.h>

#include "eventstore/kafka/topic_rules.h"

namespace daybook::eventstore {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

const TopicRules kAlone({"broker:9092", 1, 1});
const TopicRules kThree({"broker:9092", 4, 3});

// As a broker describes the topic that `rules` make.
TopicFacts made_by(const TopicRules& rules, TopicUse use, std::uint32_t partitions, std::uint32_t replicas) {
  return {"t", true, partitions, replicas, replicas, rules.settings(use)};
}
TopicFacts records_of_three() { return made_by(kThree, TopicUse::kRecords, 4, 3); }
TopicFacts with(TopicFacts topic, const std::string& setting, const std::string& value) {
  topic.settings[setting] = value;
  return topic;
}

std::vector<std::string> problems(const TopicFacts& topic, TopicUse use = TopicUse::kRecords) {
  return kThree.judge(topic, use).problems;
}

TEST(TopicRules, AcceptWhatTheyMake) {
  for (const TopicUse use : {TopicUse::kRecords, TopicUse::kKeys}) {
    const auto three = kThree.judge(made_by(kThree, use, 4, 3), use);
    EXPECT_THAT(three.problems, IsEmpty());
    EXPECT_THAT(three.warnings, IsEmpty());
    const auto alone = kAlone.judge(made_by(kAlone, use, 1, 1), use);
    EXPECT_THAT(alone.problems, IsEmpty());
    EXPECT_THAT(alone.warnings, IsEmpty());
  }
}

TEST(TopicRules, AMissingTopicIsMadeByTheCommandShown) {
  EXPECT_THAT(problems({.name = "daybook.log", .settings = {}}),
              ElementsAre(HasSubstr("run: kafka-topics.sh --bootstrap-server broker:9092 --create --topic daybook.log "
                                    "--partitions 4 --replication-factor 3 --config cleanup.policy=delete --config "
                                    "max.message.bytes=1048588 --config min.insync.replicas=2 --config "
                                    "retention.bytes=-1 --config retention.ms=-1 --config "
                                    "unclean.leader.election.enable=false")));
}

TEST(TopicRules, RecordsThatExpireAreRefusedWithTheCommand) {
  EXPECT_THAT(problems(with(records_of_three(), "retention.ms", "604800000")),
              ElementsAre(HasSubstr("run: kafka-configs.sh --bootstrap-server broker:9092 --alter --entity-type topics "
                                    "--entity-name t --add-config retention.ms=-1")));
  EXPECT_THAT(problems(with(records_of_three(), "retention.bytes", "1000")),
              ElementsAre(HasSubstr("--add-config retention.bytes=-1")));
}

TEST(TopicRules, CompactedRecordsAreRefused) {
  EXPECT_THAT(problems(with(records_of_three(), "cleanup.policy", "compact,delete")),
              ElementsAre(AllOf(HasSubstr("compact,delete"), HasSubstr("--add-config cleanup.policy=delete"))));
}

TEST(TopicRules, OneReplicaInSyncIsTooFewOfThree) {
  EXPECT_THAT(problems(with(records_of_three(), "min.insync.replicas", "1")),
              ElementsAre(HasSubstr("--add-config min.insync.replicas=2")));
}

TEST(TopicRules, UncleanElectionsAreRefused) {
  EXPECT_THAT(problems(with(records_of_three(), "unclean.leader.election.enable", "true")),
              ElementsAre(HasSubstr("--add-config unclean.leader.election.enable=false")));
}

TEST(TopicRules, AnotherNumberOfPartitionsIsRefused) {
  EXPECT_THAT(problems(made_by(kThree, TopicUse::kRecords, 5, 3)),
              ElementsAre(AllOf(HasSubstr("has 5 partitions and not 4"), HasSubstr("--partitions 5"))));
}

TEST(TopicRules, SmallMessagesAreRefused) {
  EXPECT_THAT(problems(with(records_of_three(), "max.message.bytes", "100000")),
              ElementsAre(HasSubstr("max.message.bytes is 100000")));
}

TEST(TopicRules, KeysThatAreDeletedByAgeAreRefused) {
  EXPECT_THAT(problems(with(made_by(kThree, TopicUse::kKeys, 4, 3), "cleanup.policy", "delete"), TopicUse::kKeys),
              ElementsAre(HasSubstr("--add-config cleanup.policy=compact")));
}

TEST(TopicRules, KeysThatAreNeverCompactedAreRefused) {
  const auto topic = with(made_by(kThree, TopicUse::kKeys, 4, 3), "max.compaction.lag.ms", "9223372036854775807");
  EXPECT_THAT(problems(topic, TopicUse::kKeys), ElementsAre(HasSubstr("--add-config max.compaction.lag.ms=3600000")));
}

const TopicRules kEvents({"broker:9092", 6, 3, std::chrono::hours(168)});

std::vector<std::string> problems_of_events(const std::string& setting, const std::string& value) {
  return kEvents.judge(with(made_by(kEvents, TopicUse::kEvents, 6, 3), setting, value), TopicUse::kEvents).problems;
}

TEST(TopicRules, EventsMayBeKeptForLessThanAskedButNotLonger) {
  EXPECT_THAT(kEvents.settings(TopicUse::kEvents), Contains(Pair("retention.ms", "604800000")));
  EXPECT_THAT(problems_of_events("retention.ms", "3600000"), IsEmpty());
  for (const char* longer : {"604800001", "-1"}) {
    EXPECT_THAT(problems_of_events("retention.ms", longer),
                ElementsAre(HasSubstr("--entity-name t --add-config retention.ms=604800000")));
  }
}

TEST(TopicRules, CompactedEventsAreRefused) {
  EXPECT_THAT(problems_of_events("cleanup.policy", "compact"),
              ElementsAre(HasSubstr("--add-config cleanup.policy=delete")));
}

TEST(TopicRules, EventsMayHaveAnyNumberOfPartitions) {
  EXPECT_THAT(kEvents.judge(made_by(kEvents, TopicUse::kEvents, 12, 3), TopicUse::kEvents).problems, IsEmpty());
}

TEST(TopicRules, ALoneBrokerThatDoesNotSyncIsWarnedAbout) {
  const auto topic = with(made_by(kAlone, TopicUse::kRecords, 1, 1), "flush.messages", "9223372036854775807");
  const auto verdict = kAlone.judge(topic, TopicUse::kRecords);
  EXPECT_THAT(verdict.problems, IsEmpty());
  EXPECT_THAT(verdict.warnings, ElementsAre(HasSubstr("--add-config flush.messages=1")));
}

}  // namespace
}  // namespace daybook::eventstore
