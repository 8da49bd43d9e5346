#include "cli/offline.h"

#include <iostream>
#include <stdexcept>

#include <CLI/CLI.hpp>

#include "cli/exit_codes.h"
#include "cli/half_copy.h"
#include "eventstore/master_key.h"

namespace daybook::cli {
namespace {

void warn(const std::string& line) { std::cerr << line << std::endl; }

}  // namespace

void add_offline_options(CLI::App& command, OfflineOptions& options) {
  command.add_option("--data", options.data, "Data directory of a stopped server")->required()->envname("DAYBOOK_DATA");
  command.add_option("--high-water", options.high_water, "File that detects a log rolled back, as given to serve")
      ->envname("DAYBOOK_HIGH_WATER");
  command.add_flag("--quiet", options.is_quiet, "No progress on stderr");
}

LogChoice recorded_choice(const OfflineOptions& options) {
  if (!std::filesystem::is_directory(options.data / "log")) {
    throw std::runtime_error(options.data.string() +
                             " holds no Daybook data (there is no log/ in it); name the directory with --data");
  }
  refuse_half_copy(options.data);
  LogChoice choice = last_choice(options.data);
  choice.high_water = options.high_water;
  return choice;
}

int with_damage_as_exit_code(const std::function<int()>& run) {
  try {
    return run();
  } catch (const eventstore::LogDamaged& damaged) {
    std::cout << damaged.what() << std::endl;
  } catch (const eventstore::KeyRefused& refused) {
    std::cout << "the log is damaged: " << refused.what() << std::endl;
  }
  return kDamaged;
}

eventstore::LogFold::Progress progress_of(std::string doing, std::uint64_t all, bool is_quiet) {
  auto progress = std::make_shared<Progress>(std::move(doing), Progress::Options{.is_quiet = is_quiet, .line = {}});
  return [progress = std::move(progress), all](std::uint64_t done) { progress->at(done, all); };
}

eventstore::LogFold::Sink into(eventstore::Projection& projection, std::uint32_t partition) {
  return {
      [to = &projection, partition](const auto& commits, const auto& after) { to->apply(partition, commits, after); },
      [to = &projection, partition](const auto& slice, const auto& after) {
        to->apply_slice(partition, slice, after);
      }};
}

OfflineLog::OfflineLog(const OfflineOptions& options)
    : log_(options.data, recorded_choice(options), warn),
      keyring_(log(), eventstore::load_or_create_master_key(options.data, end(0) == 0)),
      codec_(keyring_) {}

}  // namespace daybook::cli
