#pragma once

namespace CLI {
class App;
}

namespace daybook::cli {

/// `daybook workspaces create` and `list`, over HTTP with the operator key.
void add_workspace_commands(CLI::App& app);

}  // namespace daybook::cli
