#include "cli/projection_commands.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <stdexcept>
#include <system_error>

#include <CLI/CLI.hpp>

#include "cli/exit_codes.h"
#include "cli/offline.h"
#include "cli/state_digest.h"
#include "eventstore/embedded/directory_lock.h"
#include "projections/derived_rows.h"
#include "projections/projector.h"

namespace daybook::cli {
namespace {

using projections::StateStore;

void print(const std::vector<RowDigest>& digests) {
  for (const RowDigest& line : digests) std::cout << line.name << ' ' << line.sha256 << ' ' << line.count << '\n';
  std::cout.flush();
}

// Exchanges both directories in one step where the file system can, so that there is a whole state at any moment. Where
// it cannot, a crash in between leaves none, which the next start makes again.
void put_in_place(const std::filesystem::path& fresh, const std::filesystem::path& live) {
  if (std::filesystem::exists(live) &&
      ::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, live.c_str(), RENAME_EXCHANGE) == 0) {
    std::filesystem::remove_all(fresh);
    return;
  }
  std::filesystem::remove_all(live);
  std::filesystem::rename(fresh, live);
}

}  // namespace

int digest_projections(const OfflineOptions& options) {
  if (!std::filesystem::is_directory(options.data / "state") || !std::filesystem::is_directory(options.data / "log")) {
    throw std::runtime_error(options.data.string() +
                             " holds no read models (state/ beside log/); start the server once, or run `daybook "
                             "projections rebuild`");
  }
  const eventstore::DirectoryLock lock(options.data / "log");
  const StateStore state({.directory = options.data / "state"});
  print(digest_rows(state));
  return 0;
}

int rebuild_projections(const OfflineOptions& options) try {
  OfflineLog log(options);
  const std::filesystem::path fresh = options.data / "state.new";
  std::filesystem::remove_all(fresh);
  {
    StateStore state({.directory = fresh});
    projections::Projector projector(state, nullptr);
    std::uint64_t records = 0;
    std::uint64_t commits = 0;
    for (std::uint32_t partition = 0; partition < log.partitions(); ++partition) {
      eventstore::LogFold fold(log.source(partition), into(projector, partition));
      const std::uint64_t end = log.end(partition);
      fold.run_to(end, progress_of("folding the log", end, options.is_quiet));
      records += fold.position().next_offset;
      commits += fold.commits();
      if (fold.findings().empty()) continue;
      std::cerr << "the log is damaged: " << fold.findings().front().damage.text()
                << "; state/ stays as it is. Put back a backup copy of the data directory: docs/operations.md says how"
                << std::endl;
      return kDamaged;
    }
    std::cerr << "folded " << records << " records, " << commits << " commits" << std::endl;
    print(digest_rows(state));
    state.set_fingerprint(projections::rows_fingerprint());
  }
  put_in_place(fresh, options.data / "state");
  return 0;
} catch (const eventstore::LogDamaged& damaged) {
  std::cerr << damaged.what() << std::endl;
  return kDamaged;
}

void add_projection_commands(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<OfflineOptions>();
  CLI::App* projections = app.add_subcommand("projections", "Look at the read models, or make them anew");
  projections->require_subcommand(1);
  CLI::App* digest = projections->add_subcommand("digest", "Print SHA-256 and count of the rows, by kind and type");
  add_offline_options(*digest, *options);
  digest->callback([options, &exit_code] { exit_code = digest_projections(*options); });
  CLI::App* rebuild = projections->add_subcommand("rebuild", "Fold the log into new read models and switch to them");
  add_offline_options(*rebuild, *options);
  rebuild->callback([options, &exit_code] { exit_code = rebuild_projections(*options); });
}

}  // namespace daybook::cli
