#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/client_commands.h"
#include "cli/demo.h"
#include "cli/http_client.h"
#include "cli/log_commands.h"
#include "cli/projection_commands.h"
#include "cli/routes.h"
#include "cli/serve.h"

namespace {

constexpr int kRefused = 1;
constexpr int kWrongUsage = 64;    // EX_USAGE
constexpr int kNotReachable = 69;  // EX_UNAVAILABLE

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Daybook, a CRM backend that never forgets"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "daybook " DAYBOOK_VERSION);
  int exit_code = 0;
  app.add_subcommand("version", "Print the version")->callback([] { std::cout << "daybook " DAYBOOK_VERSION "\n"; });
  daybook::cli::add_serve(app, exit_code);
  daybook::cli::add_demo(app, exit_code);
  daybook::cli::add_client_commands(app, exit_code);
  daybook::cli::add_log_commands(app, exit_code);
  daybook::cli::add_projection_commands(app, exit_code);
  daybook::cli::add_routes(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kWrongUsage;
  } catch (const daybook::cli::NotReachable& error) {
    std::cerr << "daybook: " << error.what() << '\n';
    return kNotReachable;
  } catch (const std::exception& error) {
    std::cerr << "daybook: " << error.what() << '\n';
    return kRefused;
  }
  return exit_code;
}
