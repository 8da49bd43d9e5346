#include "cli/offline.h"

#include <iostream>
#include <stdexcept>

#include "eventstore/master_key.h"

namespace daybook::cli {
namespace {

eventstore::EmbeddedOptions log_options(const OfflineOptions& options) {
  if (!std::filesystem::is_directory(options.data / "log")) {
    throw std::runtime_error(options.data.string() +
                             " holds no Daybook data (there is no log/ in it); name the directory with --data");
  }
  return {.directory = options.data / "log",
          .high_water_file = options.high_water.empty() ? options.data / "log.high-water" : options.high_water,
          .queue = {},
          .free_space = {}};
}

}  // namespace

eventstore::LogFold::Progress progress_of(std::string doing, std::uint64_t all, bool is_quiet) {
  auto progress = std::make_shared<Progress>(std::move(doing), Progress::Options{.is_quiet = is_quiet, .line = {}});
  return [progress = std::move(progress), all](std::uint64_t done) { progress->at(done, all); };
}

eventstore::LogFold::Sink into(eventstore::Projection& projection) {
  return {[to = &projection](const auto& commits, const auto& after) { to->apply(0, commits, after); },
          [to = &projection](const auto& slice, const auto& after) { to->apply_slice(0, slice, after); }};
}

OfflineLog::OfflineLog(const OfflineOptions& options)
    : log_(log_options(options)),
      keyring_(log_, eventstore::load_or_create_master_key(options.data, log_.end(0) == 0)),
      codec_(keyring_) {
  if (log_.cut()) std::cerr << *log_.cut() << std::endl;
}

}  // namespace daybook::cli
