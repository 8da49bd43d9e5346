#pragma once

#include "cli/offline.h"

namespace CLI {
class App;
}

namespace daybook::cli {

/// `daybook projections digest` and `daybook projections rebuild`, over a stopped server's data.
void add_projection_commands(CLI::App& app, int& exit_code);

/// A line `name sha256 count` on stdout for each kind and type of row of state/ (state_digest.h).
int digest_projections(const OfflineOptions& options);

/// Folds the log into state.new, then puts that in the place of state/ in one step; prints its digests. Exit code 20
/// where the log is damaged: state/ stays as it is.
int rebuild_projections(const OfflineOptions& options);

}  // namespace daybook::cli
