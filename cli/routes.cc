#include "cli/routes.h"

#include <iostream>

#include <CLI/CLI.hpp>

#include "api/api.h"

namespace daybook::cli {

void add_routes(CLI::App& app) {
  CLI::App* routes = app.add_subcommand("routes", "Print the routing table");
  routes->group("");  // not for people: it stays out of --help
  routes->callback([] {
    for (const api::Route& route : api::all_routes()) {
      std::cout << route.method << ' ' << route.pattern << ' ' << route.scope << '\n';
    }
  });
}

}  // namespace daybook::cli
