#include "cli/log_commands.h"

#include <iostream>
#include <optional>

#include <CLI/CLI.hpp>

#include "cli/commit_dump.h"
#include "cli/copy_command.h"
#include "cli/exit_codes.h"
#include "cli/record_dump.h"
#include "cli/state_digest.h"
#include "model/json_writer.h"
#include "projections/derived_rows.h"
#include "projections/projector.h"

namespace daybook::cli {
namespace {

constexpr int kDiffers = 10;
constexpr std::size_t kShown = 20;  // findings named, of each sort
constexpr std::size_t kCacheBytes = 64 << 20;

using eventstore::LogFold;
using projections::StateStore;

// A state folded anew for comparison, gone with its scope.
class ThrowawayState {
 public:
  explicit ThrowawayState(std::filesystem::path directory) : directory_(std::move(directory)) {
    std::filesystem::remove_all(directory_);
    store_ = std::make_unique<StateStore>(StateStore::Options{.directory = directory_, .cache_bytes = kCacheBytes});
  }
  ~ThrowawayState() {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  ThrowawayState(const ThrowawayState&) = delete;
  ThrowawayState& operator=(const ThrowawayState&) = delete;
  StateStore& store() { return *store_; }

 private:
  std::filesystem::path directory_;
  std::unique_ptr<StateStore> store_;
};

class Verification {
 public:
  Verification(const OfflineOptions& options, OfflineLog& log)
      : options_(options),
        log_(log),
        fresh_(options.data / "volatile" / "verify"),
        projector_(fresh_.store(), nullptr),
        fold_(log.source(), into(projector_)) {}

  int run() {
    scrub();
    const auto reading = progress_of("checking the log", log_.end(), options_.is_quiet);
    compare_on_the_way(reading);
    fold_.run_to(log_.end(), reading);
    report_findings();
    if (damaged_) return kDamaged;
    std::cout << "log: " << fold_.position().next_offset << " records, " << fold_.commits() << " commits of "
              << fold_.workspaces() << " workspaces, clean\n";
    if (fold_.moved()) std::cout << fold_.moved()->what() << '\n';
    return differs_ ? kDiffers : 0;
  }

 private:
  void scrub() {
    if (log_.embedded() == nullptr) return;  // its files are the brokers'
    Progress scrubbing("reading every file of the log, steps done", {.is_quiet = options_.is_quiet, .line = {}});
    std::uint64_t steps = 0;
    const auto report = log_.embedded()->scrub([&] {
      scrubbing.at(++steps, std::nullopt);
      return true;
    });
    for (std::size_t i = 0; i < std::min(report.damages.size(), kShown); ++i) {
      std::cout << eventstore::LogDamaged(report.damages[i]).what() << '\n';
    }
    damaged_ = !report.damages.empty();
  }

  // The state may stand behind the log: it is compared where it stands.
  void compare_on_the_way(const LogFold::Progress& reading) {
    if (!std::filesystem::is_directory(options_.data / "state")) {
      std::cout << "read models: there is no state/; the next start makes it\n";
      return;
    }
    try {
      const StateStore state({.directory = options_.data / "state", .cache_bytes = kCacheBytes});
      if (state.fingerprint() != projections::rows_fingerprint()) {
        std::cout << "read models: of another version of Daybook; the next start makes them anew\n";
        return;
      }
      const eventstore::PartitionPosition position = state.position(0);
      const std::uint64_t offset = position.next_offset;
      if (offset > log_.end()) {
        return differ("they stand at offset " + std::to_string(offset) + ", past the log's end " +
                      std::to_string(log_.end()));
      }
      fold_.run_to(offset, reading, position.big);
      compare(state, offset);
    } catch (const eventstore::LogDamaged&) {
      throw;
    } catch (const eventstore::KeyRefused&) {
      throw;
    } catch (const std::exception& error) {
      differ(error.what());
    }
  }

  void compare(const StateStore& state, std::uint64_t offset) {
    if (!fold_.findings().empty()) return;  // the damage says more
    const auto live = digest_rows(state);
    const auto fresh = digest_rows(fresh_.store());
    std::string names;
    for (const RowDigest& line : fresh) {
      if (std::find(live.begin(), live.end(), line) == live.end()) names += " " + line.name;
    }
    if (live.size() != fresh.size()) names += " unknown";
    if (!names.empty()) return differ("these rows are not what the log says:" + names);
    std::cout << "read models: equal to the log at offset " << offset << '\n';
  }

  void differ(const std::string& why) {
    differs_ = true;
    std::cout << "read models: " << why
              << "; delete state/ and start again, or run `daybook projections rebuild --data "
              << options_.data.string() << "`\n";
  }

  void report_findings() {
    for (std::size_t i = 0; i < std::min(fold_.findings().size(), kShown); ++i) {
      const auto& [offset, damage] = fold_.findings()[i];
      std::cout << eventstore::LogDamaged({{}, std::nullopt, offset, damage.text()}).what() << '\n';
    }
    damaged_ = damaged_ || !fold_.findings().empty();
  }

  const OfflineOptions& options_;
  OfflineLog& log_;
  ThrowawayState fresh_;
  projections::Projector projector_;
  LogFold fold_;
  bool damaged_ = false;
  bool differs_ = false;
};

void report_damaged(const LogFold& fold) {
  for (const auto& [offset, damage] : fold.findings()) {
    std::string line = "{\"damaged\":{\"workspace\":";
    model::append_json_string(line, damage.workspace ? damage.workspace->value.text() : "");
    line += ",\"position\":" + std::to_string(damage.position) + ",\"offset\":" + std::to_string(offset) + ",\"what\":";
    model::append_json_string(line, damage.what);
    std::cout << line << "}}\n";
    std::cerr << "daybook: " << damage.text() << '\n';
  }
}

}  // namespace

int verify(const OfflineOptions& options) {
  return with_damage_as_exit_code([&] {
    OfflineLog log(options);
    return Verification(options, log).run();
  });
}

int dump_log(const OfflineOptions& options) {
  return with_damage_as_exit_code([&] {
    OfflineLog log(options);
    CommitDump dump(std::cout);
    LogFold fold(log.source(), {[&](const std::vector<eventstore::OpenedCommit>& commits, const auto&) {
                                  for (const eventstore::OpenedCommit& opened : commits) dump.commit(opened.commit);
                                },
                                [&](const eventstore::CommitSlice& slice, const auto&) { dump.slice(slice); }});
    fold.run_to(log.end(), progress_of("dumping the log", log.end(), options.is_quiet));
    dump.end();
    report_damaged(fold);
    std::cout.flush();
    if (!std::cout) throw std::runtime_error("cannot write the dump; see where stdout goes and its free space");
    return fold.findings().empty() ? 0 : kDamaged;
  });
}

void add_log_commands(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<OfflineOptions>();
  CLI::App* verify_command = app.add_subcommand(
      "verify", "Check the whole log and compare the read models with it: 0 clean, 10 they differ, 20 log damaged");
  add_offline_options(*verify_command, *options);
  verify_command->callback([options, &exit_code] { exit_code = verify(*options); });

  CLI::App* log_command = app.add_subcommand("log", "Look into the log of a stopped server, or move it");
  log_command->require_subcommand(1);
  CLI::App* dump = log_command->add_subcommand("dump", "Print the log, one JSON object a line");
  add_offline_options(*dump, *options);
  auto output = std::make_shared<std::string>("json");
  dump->add_option("--output", *output, "json: every effective commit, opened; records: every record as it stands")
      ->check(CLI::IsMember({"json", "records"}))
      ->capture_default_str();
  dump->callback([options, output, &exit_code] {
    exit_code = *output == "json" ? dump_log(*options) : with_damage_as_exit_code([&] {
      dump_records(*options);
      return 0;
    });
  });
  add_log_copy(*log_command, exit_code);
}

}  // namespace daybook::cli
