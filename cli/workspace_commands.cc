#include "cli/workspace_commands.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/client_options.h"
#include "cli/problem_text.h"
#include "cli/record_rows.h"

namespace daybook::cli {
namespace {

using json = nlohmann::ordered_json;

struct NewWorkspace {
  ClientOptions client;
  std::string name;
  std::string owner_name;
  std::string owner_email;
  std::string currency;
};

void create(const NewWorkspace& wish) {
  const std::string& owner = wish.owner_name.empty() ? wish.owner_email : wish.owner_name;
  json body{{"name", wish.name}, {"owner", {{"name", owner}, {"email", wish.owner_email}}}};
  if (!wish.currency.empty()) body["currency"] = wish.currency;
  const std::string text = body.dump(-1, ' ', false, json::error_handler_t::replace);
  show_record(accepted(wish.client.client().send("POST", "/v1/workspaces", text)), wish.client.output);
}

}  // namespace

void add_workspace_commands(CLI::App& app) {
  CLI::App* workspaces = app.add_subcommand("workspaces", "Create and list workspaces (operator key)");
  workspaces->require_subcommand(1);
  auto wish = std::make_shared<NewWorkspace>();
  wish->client.output = Output::kJson;  // the key that is shown once is for programs as often as for people
  CLI::App* make = workspaces->add_subcommand("create", "Create a workspace; prints its first API key, once");
  make->footer("  daybook workspaces create --data /srv/daybook --name Acme --owner-email ann@acme.test");
  make->add_option("--name", wish->name, "Its name")->required();
  make->add_option("--owner-email", wish->owner_email, "E-mail address of its owner")->required();
  make->add_option("--owner-name", wish->owner_name, "Name of its owner; else the address");
  make->add_option("--currency", wish->currency, "Of its amounts, such as EUR");
  add_operator_options(*make, wish->client);
  make->get_option("--output")->default_str("json");
  make->callback([wish] { create(*wish); });

  auto client = std::make_shared<ClientOptions>();
  CLI::App* list = workspaces->add_subcommand("list", "List the workspaces");
  list->footer("  daybook workspaces list --data /srv/daybook");
  add_operator_options(*list, *client);
  list->callback([client] {
    const HttpAnswer answer = client->client().send("GET", "/v1/workspaces");
    show_page(accepted(answer), {"id", "name", "slug", "created_at"}, client->output);
  });
}

}  // namespace daybook::cli
