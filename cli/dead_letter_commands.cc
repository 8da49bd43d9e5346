#include "cli/dead_letter_commands.h"

#include <iostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/client_options.h"
#include "cli/exit_codes.h"
#include "cli/problem_text.h"
#include "cli/record_rows.h"

namespace daybook::cli {
namespace {

using json = nlohmann::ordered_json;

constexpr const char* kParked = "/v1/emails?state=failed&limit=500";

struct Wish {
  ClientOptions client;
  std::string id;
  bool all = false;
};

std::string path_of(const std::string& id) { return "/v1/emails/" + escape_query(id); }

void add_list(CLI::App& dlq) {
  auto client = std::make_shared<ClientOptions>();
  CLI::App* list = dlq.add_subcommand("list", "What is parked, up to 500");
  list->footer("  daybook dlq list\n  daybook dlq list --output json");
  add_client_options(*list, *client);
  list->callback([client] {
    const std::string next = show_page(accepted(client->client().send("GET", kParked)),
                                       {"id", "deal_id", "updated_at", "detail"}, client->output);
    if (!next.empty() && !client->is_quiet) std::cerr << "there are more: retry or drop some\n";
  });
}

void add_show(CLI::App& dlq) {
  auto wish = std::make_shared<Wish>();
  CLI::App* show = dlq.add_subcommand("show", "One of them with all its fields");
  show->add_option("ID", wish->id, "Its id")->required();
  add_client_options(*show, wish->client);
  show->callback(
      [wish] { show_record(accepted(wish->client.client().send("GET", path_of(wish->id))), wish->client.output); });
}

// Each page is of those that are parked still, so the first one is asked for again and again.
void act_on_all(const Wish& wish, const std::string& verb) {
  const auto client = wish.client.client();
  std::size_t count = 0;
  for (;;) {
    const json page = json::parse(accepted(client.send("GET", kParked)));
    if (page["data"].empty()) break;
    for (const json& email : page["data"]) {
      accepted(client.send("POST", path_of(email["id"].get<std::string>()) + "/" + verb));
      ++count;
    }
  }
  std::cout << count << (count == 1 ? " mail" : " mails") << '\n';
}

void add_verb(CLI::App& dlq, const std::string& verb, const std::string& does) {
  auto wish = std::make_shared<Wish>();
  CLI::App* command = dlq.add_subcommand(verb, does);
  command->footer("  daybook dlq " + verb + " 0199f2a4-7c10-7c3e-8b1a-2f6d5e4c3b2a\n  daybook dlq " + verb + " --all");
  command->add_option("ID", wish->id, "Its id");
  command->add_flag("--all", wish->all, "All that are parked");
  add_client_options(*command, wish->client);
  command->callback([wish, verb] {
    if (wish->all == !wish->id.empty()) throw UsageError("say which: an id, or --all");
    if (wish->all) return act_on_all(*wish, verb);
    show_record(accepted(wish->client.client().send("POST", path_of(wish->id) + "/" + verb)), wish->client.output);
  });
}

}  // namespace

void add_dead_letter_commands(CLI::App& app) {
  CLI::App* dlq = app.add_subcommand("dlq", "Mails that the mail server refused for good");
  dlq->require_subcommand(1);
  add_list(*dlq);
  add_show(*dlq);
  add_verb(*dlq, "retry", "Have them tried once more, under the same Message-ID");
  add_verb(*dlq, "drop", "Give them up");
}

}  // namespace daybook::cli
