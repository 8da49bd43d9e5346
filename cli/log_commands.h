#pragma once

#include "cli/offline.h"

namespace CLI {
class App;
}

namespace daybook::cli {

/// `daybook verify` and `daybook log dump` and `copy`, all over a stopped server's data.
void add_log_commands(CLI::App& app, int& exit_code);

/// Reads all of the log and compares what it folds to with state/. Says on stdout what it found; 0 clean, 10 the read
/// models differ, 20 the log is damaged.
int verify(const OfflineOptions& options);

/// Every effective commit as a line on stdout (commit_dump.h), then a line `{"damaged":…}` for each workspace whose
/// history does not fit together; 0, or 20 where there is one or the log itself is damaged.
int dump_log(const OfflineOptions& options);

}  // namespace daybook::cli
