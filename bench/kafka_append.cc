// What a record on Kafka costs: a bare idempotent producer with 64 in flight; then our log without and with a new key,
// latency with one in flight and rate with 64. Usage:
//   kafka_append BROKERS [records=2000] [flush=1] [bare=0]
// bare=1: the producer alone.
// Prints a line a figure: name value unit target verdict. Leaves two topics behind, named bench-…

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <future>
#include <random>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <vector>

#include "eventstore/kafka/kafka_log.h"
#include "eventstore/kafka/producer.h"
#include "eventstore/kafka/topic_admin.h"

namespace {

using namespace daybook::eventstore;  // NOLINT: one program, no header
using Clock = std::chrono::steady_clock;

constexpr std::size_t kRecordBytes = 600;
constexpr std::size_t kWrappedKeyBytes = 72;
constexpr std::ptrdiff_t kInFlight = 64;

double us_since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

class Bench {
 public:
  Bench(const KafkaOptions& options, int records) : log_(options), records_(records) { log_.enter(0, 1); }

  void run() {
    for (const bool has_key : {false, true}) {
      const std::string name = has_key ? "with_key" : "without_key";
      std::vector<double> us;
      for (int number = 0; number < records_; ++number) us.push_back(append_one(has_key));
      std::sort(us.begin(), us.end());
      print("kafka_append_p50_" + name, us[us.size() / 2], "us");
      print("kafka_append_p99_" + name, us[us.size() * 99 / 100], "us");
      print("kafka_append_rate_64_" + name, rate(has_key), "records/s");
    }
  }

 private:
  static void print(const std::string& name, double value, const char* unit) {
    std::printf("%s %.0f %s - -\n", name.c_str(), value, unit);
    std::fflush(stdout);
  }

  Append record(bool has_key) {
    Append append{std::string(kRecordBytes, 'x'), {}};
    if (has_key) append.keys.push_back({"key " + std::to_string(++keys_), std::string(kWrappedKeyBytes, 'k')});
    return append;
  }

  double append_one(bool has_key) {
    const auto start = Clock::now();
    std::promise<void> done;
    log_.append(0, record(has_key), [&](Delivery) { done.set_value(); });
    done.get_future().wait();
    return us_since(start);
  }

  double rate(bool has_key) {
    const int count = records_ * 10;
    std::counting_semaphore<kInFlight> room(kInFlight);
    const auto start = Clock::now();
    for (int number = 0; number < count; ++number) {
      room.acquire();
      log_.append(0, record(has_key), [&](Delivery) { room.release(); });
    }
    for (std::ptrdiff_t all = 0; all < kInFlight; ++all) room.acquire();
    return count / us_since(start) * 1e6;
  }

  KafkaLog log_;
  const int records_;
  std::uint64_t keys_ = 0;
};

// The limit: what is confirmed is all that it knows.
class BareProducer final : private ClientListener {
 public:
  explicit BareProducer(const KafkaOptions& options) : producer_(options, 0, *this, std::chrono::seconds(10)) {}

  double rate(int count) {
    const std::string record(kRecordBytes, 'x');
    const auto start = Clock::now();
    for (int sent = 0; confirmed_ < count;) {
      for (; sent < count && sent - confirmed_ < kInFlight; ++sent) {
        if (const auto refusal = producer_.produce(KafkaProducer::Topic::kRecords, {}, record, 0)) {
          throw std::runtime_error(*refusal);
        }
      }
      producer_.poll(std::chrono::milliseconds(100));
    }
    return count / us_since(start) * 1e6;
  }

 private:
  void delivered(std::uint64_t, const std::optional<std::string>& failure, std::int64_t) override {
    if (failure) throw std::runtime_error(*failure);
    ++confirmed_;
  }
  void lost_all_brokers(const std::string& why) override { throw std::runtime_error(why); }

  int confirmed_ = 0;
  KafkaProducer producer_;
};

// As the log would make them, but for the sync of each record on a lone broker.
void make_topics(const KafkaOptions& options, bool flush) {
  TopicAdmin admin(options);
  const std::uint32_t replicas = admin.broker_count() >= 3 ? 3 : 1;
  const TopicRules rules({options.brokers, 1, replicas});
  for (const auto& [topic, use] :
       {std::pair(options.records_topic(), TopicUse::kRecords), std::pair(options.keys_topic(), TopicUse::kKeys)}) {
    auto settings = rules.settings(use);
    if (!flush) settings.erase("flush.messages");
    admin.create(topic, 1, replicas, settings);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: kafka_append BROKERS [records=2000] [flush=1]\n"), 2;
  try {
    int records = 2000;
    bool flush = true;
    bool bare = false;
    for (int i = 2; i < argc; ++i) {
      const std::string argument = argv[i];
      if (argument.starts_with("records=")) records = std::stoi(argument.substr(8));
      if (argument.starts_with("flush=")) flush = argument != "flush=0";
      if (argument.starts_with("bare=")) bare = argument == "bare=1";
    }
    KafkaOptions options;
    options.brokers = argv[1];
    options.prefix = "bench-" + std::to_string(std::random_device()()) + ".";
    std::printf("# brokers %s, records %d of %zu bytes, flush.messages=1 on a lone broker: %s\n", argv[1], records,
                kRecordBytes, flush ? "yes" : "no");
    make_topics(options, flush);
    std::printf("kafka_producer_rate_64 %.0f records/s - -\n", BareProducer(options).rate(records * 10));
    if (!bare) Bench(options, records).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
