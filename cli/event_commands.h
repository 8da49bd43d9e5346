#pragma once

namespace CLI {
class App;
}

namespace daybook::cli {

/// `daybook events tail`, over HTTP.
void add_event_commands(CLI::App& app);

}  // namespace daybook::cli
