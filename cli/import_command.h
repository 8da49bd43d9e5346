#pragma once

namespace CLI {
class App;
}

namespace daybook::cli {

/// `daybook import contacts|deals FILE`, over HTTP.
void add_import_command(CLI::App& app, int& exit_code);

}  // namespace daybook::cli
