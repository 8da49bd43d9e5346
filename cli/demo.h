#pragma once

namespace CLI {
class App;
}

namespace daybook::cli {

/// `daybook demo`: a server with data worth looking at, in a directory of its own; mails are shown instead of sent.
void add_demo(CLI::App& app, int& exit_code);

}  // namespace daybook::cli
