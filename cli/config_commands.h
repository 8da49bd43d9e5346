#pragma once

namespace CLI {
class App;
}

namespace daybook::cli {

/// `daybook config init`, `show` and `validate`, over the same flags, environment and file as `daybook serve`.
void add_config_commands(CLI::App& app);

}  // namespace daybook::cli
