#include "eventstore/kafka/kafka_log.h"

#include <stdexcept>
#include <thread>
#include <utility>

#include "eventstore/kafka/kafka_appender.h"
#include "eventstore/kafka/kafka_reader.h"
#include "eventstore/kafka/topic_admin.h"

namespace daybook::eventstore {
namespace {

constexpr std::chrono::minutes kReadAllKeys{10};

KafkaOptions checked(KafkaOptions options) {
  if (options.brokers.empty()) throw std::runtime_error("no broker of Kafka is named; say --brokers HOST:PORT,…");
  prepare_topics(options);
  return options;
}

}  // namespace

struct KafkaLog::Partition {
  Partition(const KafkaOptions& options, std::uint32_t number)
      : keys(options, number), appender({options, number, keys, end}) {}
  ~Partition() {
    appender.finish();
    keys.stop();
  }
  Partition(const Partition&) = delete;
  Partition& operator=(const Partition&) = delete;

  void open(const KafkaOptions& options, std::uint32_t number) {
    keys.start([this](const KeyRow& row) { appender.row_read(row); },
               [this](const std::string& why) { appender.keys_failed(why); });
    end.raise(end_of(options, options.records_topic(), number));
    const std::uint64_t keys_end = end_of(options, options.keys_topic(), number);
    if (!keys.wait_for(keys_end, kReadAllKeys, [] { return false; })) {
      throw LogUnreachable(unreachable_text(options, "the wrapped keys are not handed out"));
    }
  }

  KnownEnd end;
  KeyFollower keys;
  KafkaAppender appender;
};

KafkaLog::KafkaLog(KafkaOptions options)
    : options_(checked(std::move(options))), records_end_(options_, options_.records_topic()) {
  for (std::uint32_t number = 0; number < options_.partitions; ++number) {
    partitions_.push_back(std::make_unique<Partition>(options_, number));
    partitions_.back()->open(options_, number);
  }
}

// Side by side: each may have to wait for what is on its way.
KafkaLog::~KafkaLog() {
  std::vector<std::jthread> ends;
  for (auto& partition : partitions_) ends.emplace_back([&partition] { partition.reset(); });
}

void KafkaLog::append(std::uint32_t partition, Append append, DeliveryReport report) {
  partitions_.at(partition)->appender.append(std::move(append), std::move(report));
}

void KafkaLog::enter(std::uint32_t partition, std::uint64_t epoch) { partitions_.at(partition)->appender.enter(epoch); }

void KafkaLog::reopen_session(std::uint32_t partition) { partitions_.at(partition)->appender.reopen_session(); }

std::unique_ptr<LogReader> KafkaLog::read(std::uint32_t partition, std::uint64_t from_offset) {
  Partition& of = *partitions_.at(partition);
  return std::make_unique<KafkaReader>(options_, partition, of.keys, of.end, from_offset);
}

std::uint64_t KafkaLog::end(std::uint32_t partition) const { return partitions_.at(partition)->end.get(); }

std::uint64_t KafkaLog::end_now(std::uint32_t partition) {
  const std::uint64_t end = records_end_.ask(partition, options_.unreachable_after);
  partitions_.at(partition)->end.raise(end);
  return end;
}

std::optional<std::string> KafkaLog::find_key(const std::string& name) const {
  for (const auto& partition : partitions_) {
    if (auto value = partition->keys.find(name)) return value;
  }
  return std::nullopt;
}

std::vector<WrappedKey> KafkaLog::keys(std::uint32_t partition) const { return partitions_.at(partition)->keys.all(); }

Health KafkaLog::health(std::uint32_t partition) const {
  return partitions_.at(partition)->appender.is_unreachable() ? Health::kUnreachable : Health::kOk;
}

}  // namespace daybook::eventstore
