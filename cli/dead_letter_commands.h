#pragma once

namespace CLI {
class App;
}

namespace daybook::cli {

/// `daybook dlq`: mails that the mail server refused for good, over HTTP: list, show, retry, drop.
void add_dead_letter_commands(CLI::App& app);

}  // namespace daybook::cli
