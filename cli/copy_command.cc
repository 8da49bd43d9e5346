#include "cli/copy_command.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/clock_and_chance.h"
#include "cli/copy_destination.h"
#include "cli/exit_codes.h"
#include "cli/offline.h"
#include "eventstore/address_seal.h"
#include "eventstore/kafka/membership.h"
#include "eventstore/log_copy.h"
#include "eventstore/log_moved.h"
#include "eventstore/log_tenure.h"
#include "eventstore/master_key.h"

namespace daybook::cli {
namespace {

namespace fs = std::filesystem;

struct CopyOptions {
  OfflineOptions from;
  fs::path to;
  LogChoice log;  // of the destination
};

void warn(const std::string& line) { std::cerr << line << std::endl; }

std::string destination_of(const LogChoice& log, const fs::path& to) {
  if (!log.is_on_kafka) return "the embedded log in " + to.string();
  return "the topics " + log.kafka.prefix + "* on Kafka at " + log.kafka.brokers + ", data directory " + to.string();
}

// A log on Kafka has no lock that would tell.
void refuse_while_nodes_serve(const CopyOptions& options, const LogChoice& log) {
  if (!log.is_on_kafka) return;
  const eventstore::AddressSeal addresses(eventstore::load_or_create_master_key(options.from.data, false));
  std::string nodes;
  for (const eventstore::Member& member : eventstore::members_of(log.kafka, addresses)) {
    nodes += (nodes.empty() ? "" : ", ") + (member.node_url.empty() ? "one without its keys/" : member.node_url);
  }
  if (nodes.empty()) return;
  throw std::runtime_error("nodes serve this log: " + nodes +
                           "; stop every one of them first (Kafka misses one that was killed after six seconds)");
}

// Whether an earlier copy to there came as far as telling the log that it ends.
bool has_begun_to_end(eventstore::Log& log, const std::string& destination) {
  for (std::uint32_t partition = 0; partition < log.partition_count(); ++partition) {
    try {
      const eventstore::LogTenure reads_to_the_end(log, partition);
    } catch (const eventstore::LogMoved& moved) {
      if (moved.destination() == destination) return true;
    }
  }
  return false;
}

std::vector<std::uint64_t> ends_of(const eventstore::Log& log) {
  std::vector<std::uint64_t> ends;
  for (std::uint32_t partition = 0; partition < log.partition_count(); ++partition) ends.push_back(log.end(partition));
  return ends;
}

bool is_empty(const eventstore::Log& log) {
  return std::ranges::all_of(ends_of(log), [](std::uint64_t end) { return end == 0; });
}

// Topics are nobody's to delete but their operator's: other programs may have taken them since.
void refuse_half_written_topics(const eventstore::KafkaOptions& kafka) {
  const std::string remove = "kafka-topics.sh --bootstrap-server " + kafka.brokers + " --delete --topic ";
  throw std::runtime_error(
      "the topics of the earlier copy hold what it wrote before it broke off; delete them and run the same command "
      "again, or delete the directory and give another --topic-prefix:\n  " +
      remove + kafka.records_topic() + "\n  " + remove + kafka.keys_topic());
}

std::optional<eventstore::CopyFigures> copy_records(eventstore::Log& from, eventstore::Log& to,
                                                    const CopyOptions& options, const std::string& destination) {
  std::unique_ptr<Progress> progress;
  std::string shown;
  eventstore::LogCopy::Options copying;
  copying.instance = random_id();
  copying.destination = destination;
  copying.time_us = now_us();
  copying.on_progress = [&](const char* doing, std::uint64_t done, std::uint64_t all) {
    if (std::exchange(shown, doing) != doing) {
      progress.reset();
      progress = std::make_unique<Progress>(doing, Progress::Options{.is_quiet = options.from.is_quiet, .line = {}});
    }
    progress->at(done, all);
  };
  try {
    return eventstore::LogCopy(from, to, std::move(copying)).run();
  } catch (const eventstore::LogMoved& moved) {
    if (moved.destination() != destination || is_empty(to)) throw;
    return std::nullopt;
  }
}

// Nothing where an earlier run did all of it, and ended before the keys.
std::optional<eventstore::CopyFigures> copy_log(const CopyOptions& options, const std::string& destination,
                                                CopyDestination& there) {
  const LogChoice source = recorded_choice(options.from);
  OpenLog from(options.from.data, source, warn);
  refuse_while_nodes_serve(options, source);
  const bool starts_over = there.is_half_copy() && !has_begun_to_end(from.log(), destination);
  if (there.is_half_copy()) {
    std::cout << "an earlier copy in " << there.path().string() << " has not ended: it is "
              << (starts_over ? "started over" : "finished") << std::endl;
  }
  there.make();
  if (starts_over && !options.log.is_on_kafka) there.start_over();
  OpenLog to(there.path(), options.log, warn);
  if (starts_over && !is_empty(to.log())) refuse_half_written_topics(options.log.kafka);
  there.bring_files();
  const auto before = ends_of(to.log());
  try {
    return copy_records(from.log(), to.log(), options, destination);
  } catch (...) {
    if (ends_of(to.log()) != before) there.keep();
    throw;
  }
}

int run(const CopyOptions& options) {
  if (!options.log.is_on_kafka && options.log.kafka.partitions != 1) {
    throw std::runtime_error("--partitions is for a log on Kafka; the embedded log has one, so leave it out");
  }
  CopyDestination there(options.from.data, options.to);
  const std::string destination = destination_of(options.log, there.path());
  std::optional<eventstore::CopyFigures> figures;
  try {
    figures = copy_log(options, destination, there);
  } catch (...) {
    there.take_back();
    throw;
  }
  if (figures) {
    std::cout << "copied and compared: " << figures->commits << " commits and " << figures->parts << " parts of "
              << figures->workspaces << " workspaces, " << figures->keys << " wrapped keys\n";
  }
  there.hand_over_keys();
  std::cout << "moved to " << destination << "; " << options.from.data.string() << " refuses to serve from now on\n"
            << "start it: daybook serve --data " << there.path().string();
  if (options.log.is_on_kafka) {
    std::cout << " --log kafka --brokers " << options.log.kafka.brokers << " --topic-prefix "
              << options.log.kafka.prefix;
    if (options.log.kafka.partitions != 1) std::cout << " --partitions " << options.log.kafka.partitions;
  }
  std::cout << std::endl;
  return kDone;
}

}  // namespace

void add_log_copy(CLI::App& log_command, int& exit_code) {
  auto options = std::make_shared<CopyOptions>();
  CLI::App* copy = log_command.add_subcommand(
      "copy", "Move the log to another data directory, embedded or on Kafka; the old one then refuses to serve");
  copy->footer(
      "  daybook log copy --data /srv/daybook --to /srv/daybook-kafka --brokers kafka-1:9092 --create-topics\n"
      "  daybook log copy --data /srv/daybook-kafka --to /srv/daybook-embedded\n"
      "Everything is compared before the old log is ended: each record, each workspace's chain, each key.");
  add_offline_options(*copy, options->from);
  copy->add_option("--to", options->to, "Data directory of the copy; made when missing")->type_name("DIR")->required();
  auto& kafka = options->log.kafka;
  copy->add_option("--brokers", kafka.brokers, "Put the copy on Kafka: HOST:PORT with commas between")
      ->type_name("LIST");
  copy->add_option("--topic-prefix", kafka.prefix, "What the names of its topics begin with")->capture_default_str();
  copy->add_flag("--create-topics", kafka.create_topics, "Make its topics, with the right settings");
  copy->add_option("--partitions", kafka.partitions, "Partitions of its topics; each workspace lives on one of them")
      ->type_name("N")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  copy->callback([options, &exit_code] {
    options->log.is_on_kafka = !options->log.kafka.brokers.empty();
    exit_code = with_damage_as_exit_code([&] { return run(*options); });
  });
}

}  // namespace daybook::cli
