#pragma once

namespace CLI {
class App;
}

namespace daybook::cli {

/// `daybook log copy`: moves the log of a stopped server into a data directory of its own, embedded or on Kafka.
void add_log_copy(CLI::App& log_command, int& exit_code);

}  // namespace daybook::cli
