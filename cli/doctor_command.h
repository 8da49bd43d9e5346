#pragma once

namespace CLI {
class App;
}

namespace daybook::cli {

/// `daybook doctor`: looks at everything that an operator can have wrong, and changes nothing.
void add_doctor(CLI::App& app, int& exit_code);

}  // namespace daybook::cli
