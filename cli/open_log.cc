#include "cli/open_log.h"

#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "eventstore/kafka/kafka_log.h"

namespace daybook::cli {
namespace {

using nlohmann::json;

std::filesystem::path record_of(const std::filesystem::path& data) { return data / "log" / "kafka.json"; }

// As written by the last start on Kafka; nothing where there was none.
std::optional<LogChoice> recorded(const std::filesystem::path& data) {
  std::ifstream in(record_of(data));
  if (!in) return std::nullopt;
  try {
    const json record = json::parse(in);
    LogChoice choice;
    choice.is_on_kafka = true;
    choice.kafka.brokers = record.at("brokers").get<std::string>();
    choice.kafka.prefix = record.at("topic_prefix").get<std::string>();
    choice.kafka.partitions = record.at("partitions").get<std::uint32_t>();
    choice.node_url = record.value("node_url", "");
    return choice;
  } catch (const json::exception& error) {
    throw std::runtime_error(record_of(data).string() + " cannot be read: " + error.what() +
                             "; remove it, and name the log with --log kafka --brokers LIST");
  }
}

void write_record(const std::filesystem::path& data, const LogChoice& choice) {
  const std::filesystem::path file = record_of(data);
  const std::filesystem::path fresh = file.string() + ".new";
  std::ofstream out(fresh);
  const eventstore::KafkaOptions& kafka = choice.kafka;
  json record{{"brokers", kafka.brokers}, {"topic_prefix", kafka.prefix}, {"partitions", kafka.partitions}};
  if (!choice.node_url.empty()) record["node_url"] = choice.node_url;
  out << record;
  out.close();
  if (!out) throw std::runtime_error("cannot write " + fresh.string() + "; see the permissions and the free space");
  std::filesystem::rename(fresh, file);
}

}  // namespace

// The state of one log over the records of another would be wrong without anybody noticing.
std::optional<std::string> find_other_log(const std::filesystem::path& data, const LogChoice& choice) {
  const auto last = recorded(data);
  if (!choice.is_on_kafka) {
    if (!last) return std::nullopt;
    return data.string() + " belongs to the log on Kafka at " + last->kafka.brokers +
           "; start with --log kafka, or give the embedded log a data directory of its own";
  }
  if (std::filesystem::exists(data / "log" / "CURRENT")) {
    return data.string() +
           " holds an embedded log; start without --log kafka, or give the log on Kafka a data directory of its own";
  }
  if (!last) return std::nullopt;
  const eventstore::KafkaOptions& kafka = last->kafka;
  if (kafka.prefix == choice.kafka.prefix && kafka.partitions == choice.kafka.partitions) return std::nullopt;
  return data.string() + " belongs to the topics " + kafka.prefix + "* with " + std::to_string(kafka.partitions) +
         " partitions; start with these, or with a data directory of its own";
}

LogChoice last_choice(const std::filesystem::path& data) { return recorded(data).value_or(LogChoice{}); }

std::filesystem::path high_water_of(const std::filesystem::path& data, const LogChoice& choice) {
  return choice.high_water.empty() ? data / "log.high-water" : choice.high_water;
}

OpenLog::OpenLog(const std::filesystem::path& data, const LogChoice& choice, const Warn& warn) {
  if (const auto other = find_other_log(data, choice)) throw std::runtime_error(*other);
  if (choice.is_on_kafka) {
    std::filesystem::create_directories(data / "log");
    lock_ = std::make_unique<eventstore::DirectoryLock>(data / "log");
    eventstore::KafkaOptions options = choice.kafka;
    options.on_warning = warn;
    log_ = std::make_unique<eventstore::KafkaLog>(options);
    write_record(data, choice);
    return;
  }
  auto log = std::make_unique<eventstore::EmbeddedLog>(eventstore::EmbeddedOptions{
      .directory = data / "log", .high_water_file = high_water_of(data, choice), .queue = {}, .free_space = {}});
  if (log->cut()) warn(*log->cut());
  embedded_ = log.get();
  log_ = std::move(log);
}

}  // namespace daybook::cli
