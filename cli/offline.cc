#include "cli/offline.h"

#include <iostream>
#include <stdexcept>

#include "eventstore/master_key.h"

namespace daybook::cli {
namespace {

LogChoice choice_of(const OfflineOptions& options) {
  if (!std::filesystem::is_directory(options.data / "log")) {
    throw std::runtime_error(options.data.string() +
                             " holds no Daybook data (there is no log/ in it); name the directory with --data");
  }
  LogChoice choice = last_choice(options.data);
  choice.high_water = options.high_water;
  return choice;
}

void warn(const std::string& line) { std::cerr << line << std::endl; }

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
    : log_(options.data, choice_of(options), warn),
      keyring_(log(), eventstore::load_or_create_master_key(options.data, end() == 0)),
      codec_(keyring_) {}

}  // namespace daybook::cli
