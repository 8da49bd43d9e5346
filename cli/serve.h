#pragma once

#include "cli/node.h"

namespace CLI {
class App;
}

namespace daybook::cli {

/// `daybook serve`: runs until SIGTERM or SIGINT; a second signal ends it at once.
void add_serve(CLI::App& app, int& exit_code);

/// Takes HOST:PORT apart; throws CLI::ValidationError naming --listen.
void set_listen(const std::string& listen, NodeOptions& options);

/// Serves until a signal or a failed log; calls `ready` once it listens. Gives the exit code.
int serve_until_signal(NodeOptions options, const std::function<void(Node&)>& ready);

}  // namespace daybook::cli
