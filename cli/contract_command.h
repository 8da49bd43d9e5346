#pragma once

namespace CLI {
class App;
}

namespace daybook::cli {

/// `daybook contract`: writes the contract of the public events for other programs.
void add_contract(CLI::App& app);

}  // namespace daybook::cli
