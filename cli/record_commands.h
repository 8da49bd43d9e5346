#pragma once

namespace CLI {
class App;
}

namespace daybook::cli {

/// `daybook contacts` (list, get, create) and `daybook deals` (those and move), over HTTP.
void add_record_commands(CLI::App& app);

}  // namespace daybook::cli
