#pragma once

namespace CLI {
class App;
}

namespace daybook::cli {

/// `daybook routes`, for the test that holds api/openapi.yaml against the routing table: METHOD PATTERN SCOPE a line.
void add_routes(CLI::App& app);

}  // namespace daybook::cli
