#include "cli/record_commands.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/client_options.h"
#include "cli/exit_codes.h"
#include "cli/problem_text.h"
#include "cli/record_rows.h"

namespace daybook::cli {
namespace {

using json = nlohmann::ordered_json;

struct Records {
  std::string plural;
  Row columns;
  std::string list_example;
  std::string create_example;
};

struct ListWish {
  ClientOptions client;
  std::string search;
  std::vector<std::string> filters;
  std::string sort;
  std::string cursor;
  unsigned limit = 50;
};

// `name=value` as a pair; the value may hold further signs.
std::pair<std::string, std::string> split_pair(const std::string& text, const std::string& option) {
  const std::size_t sign = text.find('=');
  if (sign == std::string::npos || sign == 0) throw UsageError(option + " is NAME=VALUE, not \"" + text + "\"");
  return {text.substr(0, sign), text.substr(sign + 1)};
}

std::string query_of(const ListWish& wish) {
  std::string query = "?limit=" + std::to_string(wish.limit);
  const auto add = [&](const std::string& name, const std::string& value) {
    if (!value.empty()) query += "&" + escape_query(name) + "=" + escape_query(value);
  };
  add("q", wish.search);
  add("sort", wish.sort);
  add("cursor", wish.cursor);
  for (const std::string& filter : wish.filters) {
    const auto [name, value] = split_pair(filter, "--filter");
    add(name, value);
  }
  return query;
}

void add_list(CLI::App& group, const Records& records) {
  auto wish = std::make_shared<ListWish>();
  CLI::App* list = group.add_subcommand("list", "A page of them");
  list->footer(records.list_example);
  list->add_option("--search", wish->search, "Words that stand in them")->type_name("WORDS");
  list->add_option("--filter", wish->filters, "Only those with this value, as the HTTP interface has them; repeatable")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  list->add_option("--sort", wish->sort, "Field, with - in front for the other direction")->type_name("FIELD");
  list->add_option("--limit", wish->limit, "At most so many")->check(CLI::Range(1, 500))->capture_default_str();
  list->add_option("--cursor", wish->cursor, "Go on where a page before ended")->type_name("CURSOR");
  add_client_options(*list, wish->client);
  list->callback([wish, records] {
    const HttpAnswer answer = wish->client.client().send("GET", "/v1/" + records.plural + query_of(*wish));
    const std::string next = show_page(accepted(answer), records.columns, wish->client.output);
    if (!next.empty() && !wish->client.is_quiet) std::cerr << "there are more: --cursor " << next << '\n';
  });
}

void add_get(CLI::App& group, const Records& records) {
  auto client = std::make_shared<ClientOptions>();
  auto id = std::make_shared<std::string>();
  CLI::App* get = group.add_subcommand("get", "One of them with all its fields");
  get->footer("  daybook " + records.plural + " get 0199f2a4-7c10-7c3e-8b1a-2f6d5e4c3b2a --output json");
  get->add_option("ID", *id, "Its id")->required();
  add_client_options(*get, *client);
  get->callback([client, id, records] {
    show_record(accepted(client->client().send("GET", "/v1/" + records.plural + "/" + escape_query(*id))),
                client->output);
  });
}

// FIELD=TEXT, or FIELD:=JSON for numbers, lists and the like.
void set_field(json& body, const std::string& text) {
  const auto [name, value] = split_pair(text, "a field");
  if (!name.ends_with(':')) {
    body[name] = value;
    return;
  }
  json parsed = json::parse(value, nullptr, false);
  if (parsed.is_discarded()) throw UsageError(name + "= is followed by JSON, not by " + value);
  body[name.substr(0, name.size() - 1)] = std::move(parsed);
}

void add_create(CLI::App& group, const Records& records) {
  auto client = std::make_shared<ClientOptions>();
  auto fields = std::make_shared<std::vector<std::string>>();
  CLI::App* create = group.add_subcommand("create", "Create one; the fields are those of the HTTP interface");
  create->footer(records.create_example);
  create->add_option("FIELD", *fields, "NAME=TEXT, or NAME:=JSON for what is no text")
      ->type_name("NAME=VALUE")
      ->required()
      ->expected(1, 200);
  add_client_options(*create, *client);
  create->callback([client, fields, records] {
    json body = json::object();
    for (const std::string& field : *fields) set_field(body, field);
    const std::string text = body.dump(-1, ' ', false, json::error_handler_t::replace);
    show_record(accepted(client->client().send("POST", "/v1/" + records.plural, text)), client->output);
  });
}

CLI::App* add_records(CLI::App& app, const Records& records, const std::string& does) {
  CLI::App* group = app.add_subcommand(records.plural, does);
  group->require_subcommand(1);
  add_list(*group, records);
  add_get(*group, records);
  add_create(*group, records);
  return group;
}

void add_move(CLI::App& deals) {
  struct Wish {
    ClientOptions client;
    std::string id;
    std::string stage;
    std::string lost_reason;
  };
  auto wish = std::make_shared<Wish>();
  CLI::App* move = deals.add_subcommand("move", "Move a deal to another stage");
  move->footer("  daybook deals move 0199f2a4-7c10-7c3e-8b1a-2f6d5e4c3b2a won");
  move->add_option("ID", wish->id, "Its id")->required();
  move->add_option("STAGE", wish->stage, "Key or label of the stage")->required();
  move->add_option("--lost-reason", wish->lost_reason, "Why it was lost")->type_name("TEXT");
  add_client_options(*move, wish->client);
  move->callback([wish] {
    json body{{"stage", wish->stage}};
    if (!wish->lost_reason.empty()) body["lost_reason"] = wish->lost_reason;
    const std::string text = body.dump(-1, ' ', false, json::error_handler_t::replace);
    const std::string path = "/v1/deals/" + escape_query(wish->id) + "/move";
    show_record(accepted(wish->client.client().send("POST", path, text)), wish->client.output);
  });
}

}  // namespace

void add_record_commands(CLI::App& app) {
  add_records(app,
              {"contacts",
               {"id", "first_name", "last_name", "email", "company_name", "status"},
               "  daybook contacts list --search ada\n  daybook contacts list --filter tag=vip --output csv",
               "  daybook contacts create first_name=Jane last_name=Smith email=jane@example.com 'tags:=[\"vip\"]'"},
              "List, read and create contacts");
  CLI::App* deals = add_records(app,
                                {"deals",
                                 {"id", "title", "value", "currency", "stage", "owner_id"},
                                 "  daybook deals list --filter stage=won --sort -created_at",
                                 "  daybook deals create title='First order' value=1200.00 currency=EUR stage=lead"},
                                "List, read, create and move deals");
  add_move(*deals);
}

}  // namespace daybook::cli
