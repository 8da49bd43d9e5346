#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/config_commands.h"
#include "cli/contract_command.h"
#include "cli/dead_letter_commands.h"
#include "cli/demo.h"
#include "cli/doctor_command.h"
#include "cli/event_commands.h"
#include "cli/exit_codes.h"
#include "cli/help.h"
#include "cli/http_client.h"
#include "cli/import_command.h"
#include "cli/log_commands.h"
#include "cli/projection_commands.h"
#include "cli/record_commands.h"
#include "cli/routes.h"
#include "cli/serve.h"
#include "cli/workspace_commands.h"
#include "eventstore/log.h"

namespace {

void add_commands(CLI::App& app, int& exit_code) {
  using namespace daybook::cli;
  add_serve(app, exit_code);
  add_demo(app, exit_code);
  add_config_commands(app);
  add_doctor(app, exit_code);
  add_record_commands(app);
  add_import_command(app, exit_code);
  add_event_commands(app);
  add_dead_letter_commands(app);
  add_workspace_commands(app);
  add_log_commands(app, exit_code);
  add_projection_commands(app, exit_code);
  add_contract(app);
  add_routes(app);
  app.add_subcommand("version", "Print the version")->callback([] { std::cout << "daybook " DAYBOOK_VERSION "\n"; });
  for (const char* name : {"serve", "demo", "config", "doctor"}) app.get_subcommand(name)->group("Server");
  for (const char* name : {"contacts", "deals", "import", "events", "dlq", "workspaces"}) {
    app.get_subcommand(name)->group("Data, over HTTP");
  }
  for (const char* name : {"verify", "log", "projections"}) {
    app.get_subcommand(name)->group("Operations, over the data of a stopped server");
  }
  add_help(app);
  for (const char* name : {"help", "contract", "version"}) app.get_subcommand(name)->group("Other");
}

int complain(const std::string& text, int exit_code) {
  std::cerr << "daybook: " << text << std::endl;
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace daybook::cli;
  CLI::App app{"Daybook, a CRM backend that never forgets", "daybook"};
  use_examples_first(app);
  app.require_subcommand(1);
  app.set_version_flag("--version", "daybook " DAYBOOK_VERSION);
  app.footer(
      "  daybook demo                                      try it: a server with data\n"
      "  daybook serve --data /srv/daybook                 run it\n"
      "  daybook import contacts contacts.csv --dry-run    see what a file would do\n"
      "  daybook events tail --follow                      watch what happens");
  int exit_code = kDone;
  add_commands(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return error.get_exit_code() == 0 ? app.exit(error) : complain(usage_text(app, error), kWrongUsage);
  } catch (const UsageError& error) {
    return complain(error.what(), kWrongUsage);
  } catch (const NotReachable& error) {
    return complain(error.what(), kNotReachable);
  } catch (const daybook::eventstore::LogUnreachable& error) {
    return complain(error.what(), kNotReachable);
  } catch (const std::filesystem::filesystem_error& error) {
    return complain(error.path1().string() + ": " + error.code().message() +
                        "; check the path, its owner and permissions, and the space on its disk",
                    kRefused);
  } catch (const std::exception& error) {
    return complain(error.what(), kRefused);
  }
  return exit_code;
}
