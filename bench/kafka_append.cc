// What a record on Kafka costs, without and with a new key: latency with one in flight, rate with 64. Usage:
//   kafka_append BROKERS [records=2000] [flush=1]
// Prints a line a figure: name value unit target verdict. Leaves two topics behind, named bench-…

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <future>
#include <random>
#include <semaphore>
#include <string>
#include <vector>

#include "eventstore/kafka/kafka_log.h"
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
    for (int i = 2; i < argc; ++i) {
      const std::string argument = argv[i];
      if (argument.starts_with("records=")) records = std::stoi(argument.substr(8));
      if (argument.starts_with("flush=")) flush = argument != "flush=0";
    }
    KafkaOptions options;
    options.brokers = argv[1];
    options.prefix = "bench-" + std::to_string(std::random_device()()) + ".";
    std::printf("# brokers %s, records %d of %zu bytes, flush.messages=1 on a lone broker: %s\n", argv[1], records,
                kRecordBytes, flush ? "yes" : "no");
    make_topics(options, flush);
    Bench(options, records).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
