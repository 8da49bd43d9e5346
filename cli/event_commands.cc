#include "cli/event_commands.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/client_options.h"
#include "cli/problem_text.h"
#include "cli/record_rows.h"

namespace daybook::cli {
namespace {

using json = nlohmann::ordered_json;

constexpr unsigned kLostInARow = 30;  // answers that --follow waits for in vain, a second apart
const Row kColumns{"sequence", "time", "type", "subject", "actor"};

struct TailWish {
  ClientOptions client;
  std::uint64_t after = 0;
  std::string types;
  bool is_following = false;
};

class Tail {
 public:
  explicit Tail(const TailWish& wish) : wish_(wish), client_(wish.client.client()), position_(wish.after) {}

  void run() {
    while (true) {
      const std::string text = next_page();
      const json page = json::parse(text);
      show(text, page.at("data"));
      const auto next = page.at("next_position").get<std::uint64_t>();
      const bool is_end = next == position_;
      position_ = next;
      if ((is_end && !wish_.is_following) || !std::cout) return;
    }
  }

 private:
  // JSON Lines for programs; otherwise rows, under one header.
  void show(const std::string& page, const json& events) {
    if (wish_.client.output == Output::kJson) {
      for (const json& event : events) std::cout << event.dump() << '\n';
    } else if (!events.empty()) {
      show_page(page, kColumns, wish_.client.output, !has_shown_);
      has_shown_ = true;
    }
    std::cout.flush();
  }

  // A server that restarts is waited for by those who follow it.
  std::string next_page() {
    std::string path = "/v1/events?limit=500&after=" + std::to_string(position_);
    if (!wish_.types.empty()) path += "&types=" + escape_query(wish_.types);
    if (wish_.is_following) path += "&wait=30";
    for (unsigned lost = 0;; ++lost) {
      try {
        const HttpAnswer answer = client_.send("GET", path);
        const bool is_temporary = answer.status == 503 && wish_.is_following && lost < kLostInARow;
        if (!is_temporary) {
          has_answered_ = true;
          return accepted(answer);
        }
      } catch (const NotReachable&) {
        if (!wish_.is_following || !has_answered_ || lost == kLostInARow) throw;
      }
      std::this_thread::sleep_for(std::chrono::seconds(1));
    }
  }

  const TailWish& wish_;
  HttpClient client_;
  std::uint64_t position_;
  bool has_answered_ = false;
  bool has_shown_ = false;
};

}  // namespace

void add_event_commands(CLI::App& app) {
  CLI::App* events = app.add_subcommand("events", "Read the event feed");
  events->require_subcommand(1);
  auto wish = std::make_shared<TailWish>();
  CLI::App* tail = events->add_subcommand("tail", "Print events, oldest first; with --output json one a line");
  tail->footer("  daybook events tail --follow --types 'deal.*'\n  daybook events tail --after 120 --output json");
  tail->add_option("--after", wish->after, "Position after which to begin")->capture_default_str();
  tail->add_option("--types", wish->types, "Only these, such as contact.*,deal.won")->type_name("TYPES");
  tail->add_flag("--follow", wish->is_following, "Wait for more");
  add_client_options(*tail, wish->client);
  tail->callback([wish] { Tail(*wish).run(); });
}

}  // namespace daybook::cli
