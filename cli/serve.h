#pragma once

#include "cli/serve_options.h"

namespace CLI {
class App;
}

namespace daybook::cli {

/// `daybook serve`: runs until SIGTERM or SIGINT; a second signal ends it at once.
void add_serve(CLI::App& app, int& exit_code);

/// Serves until a signal or a failed log; calls `ready` once it listens. Gives the exit code.
int serve_until_signal(NodeOptions options, const ServerLog& log, const std::function<void(Node&)>& ready);

}  // namespace daybook::cli
