#include "cli/client_commands.h"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/http_client.h"

namespace daybook::cli {
namespace {

using nlohmann::json;

// Where the server is, who asks, and how the answer is shown.
struct ClientOptions {
  std::string url = "http://127.0.0.1:7400";
  std::string key;
  std::string data;
  std::string output = "table";
  std::string operator_key() const {
    if (!key.empty()) return key;
    std::ifstream file(data + "/operator.key");
    std::string line;
    if (data.empty() || !std::getline(file, line)) {
      throw CLI::ValidationError("--data", "give --key, or --data with the directory that holds operator.key");
    }
    return line;
  }
};

void add_options(CLI::App& command, ClientOptions& options) {
  command.add_option("--url", options.url, "The server")->envname("DAYBOOK_URL")->capture_default_str();
  command.add_option("--key", options.key, "API key, or operator key where that is needed")->envname("DAYBOOK_KEY");
  command.add_option("--output", options.output, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
}

// The answer's JSON; a refusal is printed with every field error and ends the command.
json accepted(const HttpAnswer& answer, int& exit_code) {
  json body = json::parse(answer.body, nullptr, false);
  if (answer.status < 400) return body;
  exit_code = 1;
  if (body.is_discarded() || !body.is_object()) {
    std::cerr << "refused with status " << answer.status << '\n';
    return {};
  }
  std::cerr << body.value("title", "Refused") << ": " << body.value("detail", "") << '\n';
  for (const json& error : body.value("errors", json::array())) {
    std::cerr << "  " << error.value("pointer", "") << ": " << error.value("detail", "") << '\n';
  }
  return {};
}

std::string cell(const json& record, const std::string& column) {
  const auto found = record.find(column);
  if (found == record.end() || found->is_null()) return "-";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

void show_table(const json& records, const std::vector<std::string>& columns) {
  std::vector<std::size_t> widths;
  for (const std::string& column : columns) {
    std::size_t width = column.size();
    for (const json& record : records) width = std::max(width, std::min<std::size_t>(cell(record, column).size(), 40));
    widths.push_back(width);
  }
  const auto line = [&](const auto& text_of) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      std::cout << std::left << std::setw(static_cast<int>(widths[i]) + 2) << text_of(columns[i]);
    }
    std::cout << '\n';
  };
  line([](const std::string& column) { return column; });
  for (const json& record : records) line([&](const std::string& column) { return cell(record, column); });
}

void show_list(const ClientOptions& options, const std::string& path, const std::vector<std::string>& columns,
               int& exit_code) {
  const json page = accepted(HttpClient(options.url, options.key).send("GET", path), exit_code);
  if (exit_code != 0) return;
  if (options.output == "json") {
    std::cout << page.dump(2) << '\n';
  } else {
    show_table(page.value("data", json::array()), columns);
  }
}

void add_workspaces(CLI::App& app, int& exit_code) {
  CLI::App* workspaces = app.add_subcommand("workspaces", "Create and list workspaces (operator key)");
  workspaces->require_subcommand(1);
  auto options = std::make_shared<ClientOptions>();
  auto name = std::make_shared<std::string>();
  auto owner_name = std::make_shared<std::string>();
  auto owner_email = std::make_shared<std::string>();
  CLI::App* create = workspaces->add_subcommand("create", "Create a workspace; prints its first API key, once");
  add_options(*create, *options);
  create->add_option("--data", options->data, "Data directory that holds operator.key")->envname("DAYBOOK_DATA");
  create->add_option("--name", *name, "Its name")->required();
  create->add_option("--owner-email", *owner_email, "E-mail address of its owner")->required();
  create->add_option("--owner-name", *owner_name, "Name of its owner; else the address");
  create->callback([=, &exit_code] {
    const json body{{"name", *name},
                    {"owner", {{"name", owner_name->empty() ? *owner_email : *owner_name}, {"email", *owner_email}}}};
    const json created = accepted(
        HttpClient(options->url, options->operator_key()).send("POST", "/v1/workspaces", body.dump()), exit_code);
    if (exit_code == 0) std::cout << created.dump(2) << '\n';
  });
  CLI::App* list = workspaces->add_subcommand("list", "List the workspaces");
  add_options(*list, *options);
  list->add_option("--data", options->data, "Data directory that holds operator.key")->envname("DAYBOOK_DATA");
  list->callback([=, &exit_code] {
    ClientOptions as_operator = *options;
    as_operator.key = options->operator_key();
    show_list(as_operator, "/v1/workspaces", {"id", "name", "slug", "created_at"}, exit_code);
  });
}

void add_list(CLI::App& app, const std::string& plural, const std::vector<std::string>& columns, int& exit_code) {
  CLI::App* group = app.add_subcommand(plural, "List and read " + plural);
  group->require_subcommand(1);
  auto options = std::make_shared<ClientOptions>();
  auto query = std::make_shared<std::string>();
  auto id = std::make_shared<std::string>();
  CLI::App* list = group->add_subcommand("list", "A page of them");
  add_options(*list, *options);
  list->add_option("--query", *query, "Filters as in the HTTP interface: type=customer&q=jane");
  list->callback([=, &exit_code] { show_list(*options, "/v1/" + plural + "?" + *query, columns, exit_code); });
  CLI::App* get = group->add_subcommand("get", "One of them, as JSON");
  add_options(*get, *options);
  get->add_option("id", *id, "Its id")->required();
  get->callback([=, &exit_code] {
    const json record =
        accepted(HttpClient(options->url, options->key).send("GET", "/v1/" + plural + "/" + *id), exit_code);
    if (exit_code == 0) std::cout << record.dump(2) << '\n';
  });
}

void add_events(CLI::App& app, int& exit_code) {
  CLI::App* events = app.add_subcommand("events", "Read the event feed");
  events->require_subcommand(1);
  auto options = std::make_shared<ClientOptions>();
  auto after = std::make_shared<std::uint64_t>(0);
  auto follow = std::make_shared<bool>(false);
  CLI::App* tail = events->add_subcommand("tail", "Print events, one JSON a line");
  add_options(*tail, *options);
  tail->add_option("--after", *after, "Position after which to begin")->capture_default_str();
  tail->add_flag("--follow", *follow, "Wait for more");
  tail->callback([=, &exit_code] {
    const HttpClient client(options->url, options->key);
    std::uint64_t position = *after;
    while (true) {
      const std::string wait = *follow ? "&wait=30" : "";
      const json page =
          accepted(client.send("GET", "/v1/events?limit=500&after=" + std::to_string(position) + wait), exit_code);
      if (exit_code != 0) return;
      for (const json& event : page.at("data")) std::cout << event.dump() << '\n';
      std::cout.flush();
      const bool is_end = page.at("next_position").get<std::uint64_t>() == position;
      position = page.at("next_position").get<std::uint64_t>();
      if (is_end && !*follow) return;
    }
  });
}

}  // namespace

void add_client_commands(CLI::App& app, int& exit_code) {
  add_workspaces(app, exit_code);
  add_list(app, "contacts", {"id", "first_name", "last_name", "email", "company_name", "status"}, exit_code);
  add_list(app, "deals", {"id", "title", "value", "currency", "stage", "owner_id"}, exit_code);
  add_events(app, exit_code);
}

}  // namespace daybook::cli
