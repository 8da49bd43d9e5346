#pragma once

namespace CLI {
class App;
}

namespace daybook::cli {

/// Commands that speak to a running server: workspaces, contacts, deals, events.
void add_client_commands(CLI::App& app, int& exit_code);

}  // namespace daybook::cli
