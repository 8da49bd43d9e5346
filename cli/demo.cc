#include "cli/demo.h"

#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/http_client.h"
#include "cli/serve.h"

namespace daybook::cli {
namespace {

using nlohmann::json;

// Shows a mail instead of sending it.
class ShownMail final : public consumers::MailTransport {
 public:
  consumers::SendOutcome send(const consumers::Mail& mail) override {
    std::cout << "mail to " << mail.to_address << ": " << mail.subject << std::endl;
    return {consumers::SendOutcome::State::Accepted, 250, "shown"};
  }
};

constexpr std::array kFirstNames{"Ada", "Ben", "Cleo", "Dev", "Elif", "Finn", "Gwen", "Hugo", "Ines", "Jonas"};
constexpr std::array kLastNames{"Abel",   "Brandt", "Costa",  "Dietz", "Evans", "Fischer", "Gupta",
                                "Haas",   "Ito",    "Jensen", "Kaya",  "Lopez", "Moreau",  "Novak",
                                "Okafor", "Petrov", "Quinn",  "Rossi", "Silva", "Tanaka"};
constexpr std::array kCompanies{"Northwind",        "Bluebird Foods", "Cobalt Systems", "Delta Freight",
                                "Elm Street Books", "Fjord Energy",   "Granite Homes",  "Harbour Labs"};
constexpr std::array kStages{"lead", "qualified", "proposal", "negotiation", "won", "lost"};
constexpr std::array kTags{"newsletter", "vip", "trade-fair"};
constexpr int kContacts = 200;
constexpr int kDeals = 60;

// Fills a workspace through the HTTP interface, as any client would.
class DemoData {
 public:
  DemoData(const Node& node) : operator_(node.url(), node.operator_key()), url_(node.url()) {}

  /// The owner's API key.
  std::string create() {
    const json workspace =
        post(operator_, "/v1/workspaces",
             {{"name", "Demo Trading"}, {"owner", {{"name", "Olga Owner"}, {"email", "olga@demo.test"}}}});
    const std::string key = workspace.at("api_key");
    client_ = std::make_unique<HttpClient>(url_, key);
    owners_.push_back(workspace.at("owner").at("id"));
    for (const char* name : {"Mia", "Noah"}) {
      owners_.push_back(post(*client_, "/v1/members",
                             {{"name", name}, {"email", std::string(name) + "@demo.test"}, {"role", "member"}})
                            .at("id"));
    }
    for (int i = 0; i < kContacts; ++i) add_contact(i);
    for (int i = 0; i < kDeals; ++i) add_deal(i);
    return key;
  }

 private:
  static json post(const HttpClient& client, const std::string& path, const json& body) {
    const HttpAnswer answer = client.send("POST", path, body.dump());
    if (answer.status >= 400) throw std::runtime_error("the demo's data was refused at " + path + ": " + answer.body);
    return json::parse(answer.body);
  }

  void add_contact(int i) {
    const std::string first = kFirstNames[static_cast<std::size_t>(i) % kFirstNames.size()];
    const std::string last = kLastNames[static_cast<std::size_t>(i) / kFirstNames.size() % kLastNames.size()];
    json contact{{"first_name", first},
                 {"last_name", last},
                 {"company_name", kCompanies[static_cast<std::size_t>(i) % kCompanies.size()]},
                 {"owner_id", owners_[static_cast<std::size_t>(i) % owners_.size()]}};
    // Every fortieth has no address and the name of another one: something for the clean-up.
    if (i % 40 != 39) contact["email"] = first + "." + last + "@example.test";
    if (i % 40 == 39) contact["first_name"] = "Ada";
    if (i % 5 == 0) contact["tags"] = json::array({kTags[static_cast<std::size_t>(i / 5) % kTags.size()]});
    contacts_.push_back(post(*client_, "/v1/contacts", contact).at("id"));
  }

  void add_deal(int i) {
    const bool dollars = i % 4 == 3;
    post(*client_, "/v1/deals",
         {{"title", std::string(kCompanies[static_cast<std::size_t>(i) % kCompanies.size()]) + " order " +
                        std::to_string(1001 + i)},
          {"value", std::to_string(500 + i * 275) + ".00"},
          {"currency", dollars ? "USD" : "EUR"},
          {"stage", kStages[static_cast<std::size_t>(i) % kStages.size()]},
          {"contact_id", contacts_[static_cast<std::size_t>(i) * 3]},
          {"owner_id", owners_[static_cast<std::size_t>(i) % owners_.size()]}});
  }

  HttpClient operator_;
  std::string url_;
  std::unique_ptr<HttpClient> client_;
  std::vector<std::string> owners_;
  std::vector<std::string> contacts_;
};

void print_welcome(const Node& node, const std::string& key, const std::filesystem::path& data) {
  std::cout << "\n  Daybook demo: 200 contacts, 60 deals in two currencies. Not for production.\n\n"
            << "  API        " << node.url() << "\n"
            << "  Reference  " << node.url() << "/docs\n"
            << "  Data       " << data.string() << "\n"
            << "  API key    " << key << "\n"
            << "  Operator   " << node.operator_key() << "\n\n"
            << "  Try:\n\n"
            << "    export DAYBOOK_URL=" << node.url() << " DAYBOOK_KEY=" << key << "\n"
            << "    curl -H \"Authorization: Bearer $DAYBOOK_KEY\" \"$DAYBOOK_URL/v1/contacts?q=ada&limit=3\"\n\n"
            << "  Ctrl-C stops it.\n"
            << std::endl;
}

int run_demo(NodeOptions options) {
  const bool is_temporary = options.data.empty();
  if (is_temporary) {
    std::string pattern = (std::filesystem::temp_directory_path() / "daybook-demo-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a directory in " + pattern);
    options.data = pattern;
  }
  const std::filesystem::path data = options.data;
  if (std::filesystem::exists(data / "log")) {
    throw std::runtime_error(data.string() + " holds data already; start it with `daybook serve --data " +
                             data.string() + "`");
  }
  options.mail = std::make_shared<ShownMail>();
  const int exit_code = serve_until_signal(std::move(options), [&](Node& node) {
    const std::string key = DemoData(node).create();
    print_welcome(node, key, data);
  });
  if (is_temporary) std::filesystem::remove_all(data);
  return exit_code;
}

}  // namespace

void add_demo(CLI::App& app, int& exit_code) {
  CLI::App* demo = app.add_subcommand("demo", "Try it: a server with data, in a temporary directory");
  auto options = std::make_shared<NodeOptions>();
  auto listen = std::make_shared<std::string>("127.0.0.1:7400");
  demo->add_option("--data", options->data, "Directory to keep; else a temporary one, removed at the end");
  demo->add_option("--listen", *listen, "HOST:PORT; port 0 takes a free one")->capture_default_str();
  demo->callback([options, listen, &exit_code] {
    set_listen(*listen, *options);
    exit_code = run_demo(*options);
  });
}

}  // namespace daybook::cli
