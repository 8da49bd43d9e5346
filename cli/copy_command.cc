#include "cli/copy_command.h"

#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include <CLI/CLI.hpp>

#include "cli/clock_and_chance.h"
#include "cli/exit_codes.h"
#include "cli/offline.h"
#include "eventstore/address_seal.h"
#include "eventstore/kafka/membership.h"
#include "eventstore/log_copy.h"
#include "eventstore/log_moved.h"
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

std::string destination_of(const CopyOptions& options) {
  const std::string where = options.to.string();
  if (!options.log.is_on_kafka) return "the embedded log in " + where;
  return "the topics " + options.log.kafka.prefix + "* on Kafka at " + options.log.kafka.brokers + ", data directory " +
         where;
}

// What a data directory has beside its log and what follows from that. The keys come last and at once: a directory
// without them cannot be served, so before the source has ended nobody serves the copy.
constexpr const char* kIncoming = "keys.incoming";

void copy_files(const CopyOptions& options) {
  constexpr auto kOver = fs::copy_options::recursive | fs::copy_options::overwrite_existing;
  for (const char* name : {"operator.key", "blobs"}) {
    if (fs::exists(options.from.data / name)) fs::copy(options.from.data / name, options.to / name, kOver);
  }
  fs::copy(options.from.data / "keys", options.to / kIncoming, kOver);
}

void hand_over_keys(const CopyOptions& options) {
  if (fs::exists(options.to / kIncoming)) fs::rename(options.to / kIncoming, options.to / "keys");
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

// Nothing where an earlier run did all of it, and ended before the keys.
std::optional<eventstore::CopyFigures> copy_log(const CopyOptions& options, const std::string& destination) {
  const LogChoice source = recorded_choice(options.from);
  OpenLog from(options.from.data, source, warn);
  refuse_while_nodes_serve(options, source);
  OpenLog to(options.to, options.log, warn);
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
  copy_files(options);
  try {
    return eventstore::LogCopy(from.log(), to.log(), std::move(copying)).run();
  } catch (const eventstore::LogMoved& moved) {
    if (moved.destination() != destination || to.log().end(0) == 0) throw;
    return std::nullopt;
  }
}

int run(const CopyOptions& options) {
  if (!options.log.is_on_kafka && options.log.kafka.partitions != 1) {
    throw std::runtime_error("--partitions is for a log on Kafka; the embedded log has one, so leave it out");
  }
  const std::string destination = destination_of(options);
  if (fs::exists(options.to / "keys")) {
    throw std::runtime_error(options.to.string() + " is a data directory already; name another one with --to");
  }
  fs::create_directories(options.to);
  fs::permissions(options.to, fs::perms::owner_all);
  if (const auto figures = copy_log(options, destination)) {
    std::cout << "copied and compared: " << figures->commits << " commits and " << figures->parts << " parts of "
              << figures->workspaces << " workspaces, " << figures->keys << " wrapped keys\n";
  }
  hand_over_keys(options);
  std::cout << "moved to " << destination << "; " << options.from.data.string() << " refuses to serve from now on\n"
            << "start it: daybook serve --data " << options.to.string();
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
