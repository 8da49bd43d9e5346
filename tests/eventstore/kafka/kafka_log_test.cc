#include <gmock/gmock.h>

#include <future>

#include "eventstore/kafka/consumer.h"
#include "eventstore/kafka/key_row.h"
#include "eventstore/kafka/producer.h"
#include "eventstore/kafka/topic_admin.h"
#include "eventstore/log_tenure.h"
#include "tests/eventstore/kafka/kafka_scene.h"

namespace daybook::eventstore::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

struct KafkaLogTest : ::testing::Test {
  KafkaScene scene;
};

TEST_F(KafkaLogTest, RecordsKeepTheirOrderBehindTheirKeys) {
  std::vector<std::string> appended;
  for (int number = 0; number < 400; ++number) {
    appended.push_back(std::to_string(number));
    std::vector<WrappedKey> keys;
    if (number % 3 == 0) keys.push_back({"key " + appended.back(), "wrapped"});
    scene.log->append(0, {appended.back(), std::move(keys)}, [](Delivery) {});
  }
  EXPECT_EQ(scene.append("last"), Delivery::kAcknowledged);
  appended.emplace_back("last");
  EXPECT_EQ(scene.records(), appended);
}

TEST_F(KafkaLogTest, ANodeThatFollowsHasTheKeysOfEachRecordItReads) {
  KafkaLog follower(scene.options);
  const auto reader = follower.read(0, 0);
  for (int number = 0; number < 200; ++number) {
    const std::string name = "key " + std::to_string(number);
    scene.log->append(0, {name, {{name, "wrapped"}}}, [](Delivery) {});
  }
  for (int number = 0; number < 200; ++number) {
    const auto record = reader->next(60s);
    ASSERT_TRUE(record);
    EXPECT_EQ(follower.find_key(record->bytes), "wrapped") << record->bytes;
  }
}

TEST_F(KafkaLogTest, ARowCarriedByManyRecordsIsWrittenOnce) {
  for (int number = 0; number < 50; ++number) {
    scene.log->append(0, {"record", {{"name", "wrapped"}}}, [](Delivery) {});
  }
  scene.append("last", {{"name", "wrapped"}});
  EXPECT_EQ(end_of(scene.options, scene.options.keys_topic(), 0), 1U);
}

TEST_F(KafkaLogTest, KeysMayGoWithAClaimInTheMiddleOfATenure) {
  LogTenure tenure(*scene.log, 0);
  tenure.begin({});
  tenure.begin({}, {{"name", "wrapped"}, {"another", "wrapped too"}});
  scene.reopen();
  EXPECT_EQ(scene.log->find_key("name"), "wrapped");
  EXPECT_EQ(scene.log->find_key("another"), "wrapped too");
}

TEST_F(KafkaLogTest, EnteringFindsWhatTheWriterBeforeMade) {
  KafkaLog next(scene.options);
  scene.append("a", {{"name", "wrapped"}});
  next.enter(0, 1);
  EXPECT_EQ(next.find_key("name"), "wrapped");
}

TEST_F(KafkaLogTest, KeysOfAWriterThatWasReplacedAreNone) {
  scene.append("a", {{"name", "wrapped"}});
  KafkaLog next(scene.options);
  next.enter(0, 1);
  // The broker takes it all: nobody told this writer that it was replaced.
  EXPECT_EQ(scene.append("late", {{"other", "late"}}), Delivery::kAcknowledged);
  EXPECT_EQ(KafkaScene::append_to(next, "b", {{"third", "new"}}), Delivery::kAcknowledged);
  for (KafkaLog* log : {scene.log.get(), &next}) {
    EXPECT_EQ(log->find_key("name"), "wrapped");
    EXPECT_EQ(log->find_key("other"), std::nullopt);
  }
  scene.reopen();
  EXPECT_EQ(scene.log->find_key("name"), "wrapped");
  EXPECT_EQ(scene.log->find_key("other"), std::nullopt);
  EXPECT_EQ(scene.log->find_key("third"), "new");
}

TEST_F(KafkaLogTest, KeysOfABrokenSessionAreMadeInTheNext) {
  scene.network->cut();
  EXPECT_EQ(scene.append("a", {{"name", "lost"}}), Delivery::kUnknown);
  scene.network->mend();
  scene.log->reopen_session(0);
  scene.log->enter(0, 1);
  EXPECT_EQ(scene.log->find_key("name"), std::nullopt);
  EXPECT_EQ(scene.append("b", {{"name", "made anew"}}), Delivery::kAcknowledged);
  EXPECT_EQ(scene.log->find_key("name"), "made anew");
}

TEST_F(KafkaLogTest, BrokersThatAreNotReachedShowInItsHealth) {
  std::promise<void> lost;
  std::promise<void> found;
  scene.options.unreachable_after = 200ms;
  scene.options.on_warning = [&](const std::string& text) {
    if (text.contains("no broker of Kafka is reached")) lost.set_value();
    if (text.contains("reached again")) found.set_value();
  };
  scene.reopen();
  EXPECT_EQ(scene.log->health(0), Health::kOk);
  scene.network->cut();
  lost.get_future().wait();
  EXPECT_EQ(scene.log->health(0), Health::kUnreachable);
  scene.network->mend();
  found.get_future().wait();
  EXPECT_EQ(scene.log->health(0), Health::kOk);
}

TEST_F(KafkaLogTest, AnOutageShorterThanTheTimeOutLosesAndRepeatsNothing) {
  scene.options.message_timeout = 60s;
  scene.reopen();
  std::vector<std::string> appended;
  std::vector<Delivery> fates;
  for (int number = 0; number < 3000; ++number) {
    if (number == 1000) scene.network->cut();
    if (number == 2000) scene.network->mend();
    appended.push_back(std::to_string(number));
    scene.log->append(0, {appended.back(), {}}, [&fates](Delivery fate) { fates.push_back(fate); });
  }
  EXPECT_EQ(scene.append("last"), Delivery::kAcknowledged);
  appended.emplace_back("last");
  EXPECT_THAT(fates, ::testing::Each(Delivery::kAcknowledged));
  EXPECT_EQ(scene.records(), appended);
}

TEST_F(KafkaLogTest, AnOffsetThatTheTopicDoesNotHaveIsDamage) {
  scene.append("a");
  EXPECT_THROW(scene.log->read(0, 7)->next(60s), LogDamaged);
}

// Writes beside the log, as another program would, and returns when the broker has it.
void write_beside(const KafkaOptions& options, KafkaProducer::Topic topic, const std::string& key) {
  struct Delivered final : ClientListener {
    void delivered(std::uint64_t, const std::optional<std::string>& failure, std::int64_t) override {
      EXPECT_EQ(failure, std::nullopt);
      is_over = true;
    }
    void lost_all_brokers(const std::string&) override {}
    bool is_over = false;
  } listener;
  KafkaProducer producer(options, 0, listener, 10s);
  EXPECT_EQ(producer.produce(topic, key, "a", 0), std::nullopt);
  while (!listener.is_over) producer.poll(100ms);
}

TEST_F(KafkaLogTest, AKeyRowThatIsNoneIsDamage) {
  write_beside(scene.options, KafkaProducer::Topic::kKeys, "foreign");
  EXPECT_THROW(scene.log->enter(0, 1), LogDamaged);
  EXPECT_THROW(scene.reopen(), LogDamaged);
}

TEST_F(KafkaLogTest, ARecordWhoseKeysAreGoneIsDamage) {
  write_beside(scene.options, KafkaProducer::Topic::kRecords, write_keys_needed(9));
  EXPECT_THAT([&] { scene.log->read(0, 0)->next(60s); },
              ThrowsMessage<LogDamaged>(HasSubstr("needs the wrapped keys before offset 9, and the topic ends at 0")));
}

TEST_F(KafkaLogTest, MissingTopicsAreRefusedWithTheCommandThatMakesThem) {
  scene.options.prefix += "none.";
  scene.options.create_topics = false;
  EXPECT_THAT([&] { scene.open(); },
              ThrowsMessage<std::runtime_error>(AllOf(HasSubstr("--create --topic " + scene.options.records_topic()),
                                                      HasSubstr("--create --topic " + scene.options.keys_topic()))));
}

TEST_F(KafkaLogTest, TopicsThatLoseRecordsAreRefusedWithTheCommandThatMendsThem) {
  scene.options.prefix += "short.";
  TopicAdmin(scene.options).create(scene.options.records_topic(), 1, 1, {{"retention.ms", "3600000"}});
  EXPECT_THAT([&] { scene.open(); },
              ThrowsMessage<std::runtime_error>(
                  HasSubstr("--entity-name " + scene.options.records_topic() + " --add-config retention.ms=-1")));
}

TEST_F(KafkaLogTest, AnotherNumberOfPartitionsIsRefused) {
  scene.options.partitions = 2;
  EXPECT_THAT([&] { scene.open(); }, ThrowsMessage<std::runtime_error>(HasSubstr("it has 1 partitions and not 2")));
}

TEST_F(KafkaLogTest, WithoutABrokerItDoesNotOpen) {
  scene.options.start_timeout = 300ms;
  scene.network->cut();
  EXPECT_THROW(scene.open(), LogUnreachable);
}

}  // namespace
}  // namespace daybook::eventstore::testing
