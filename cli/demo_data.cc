#include "cli/demo_data.h"

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "cli/http_client.h"
#include "cli/problem_text.h"

namespace daybook::cli {
namespace {

using nlohmann::json;

constexpr std::array kFirstNames{"Ada", "Ben", "Cleo", "Dev", "Elif", "Finn", "Gwen", "Hugo", "Ines", "Jonas"};
constexpr std::array kLastNames{"Abel",   "Brandt", "Costa",  "Dietz", "Evans", "Fischer", "Gupta",
                                "Haas",   "Ito",    "Jensen", "Kaya",  "Lopez", "Moreau",  "Novak",
                                "Okafor", "Petrov", "Quinn",  "Rossi", "Silva", "Tanaka"};
constexpr std::array kCompanies{"Northwind",        "Bluebird Foods", "Cobalt Systems", "Delta Freight",
                                "Elm Street Books", "Fjord Energy",   "Granite Homes",  "Harbour Labs"};
constexpr std::array kStages{"lead", "qualified", "proposal", "negotiation", "won", "lost"};
constexpr std::array kTags{"newsletter", "vip", "trade-fair"};
constexpr std::array kMembers{"Mia", "Noah", "Zoe"};
constexpr std::array kNotes{"Prefers to be called in the morning.", "Met at the trade fair; wants samples first.",
                            "Budget is decided in the autumn.", "Asked for a contract in English."};
constexpr std::array kActivities{"call", "meeting", "task", "email"};
constexpr int kContacts = 200;
constexpr int kDeals = 60;

template <std::size_t Size>
std::string pick(const std::array<const char*, Size>& texts, int i) {
  return texts[static_cast<std::size_t>(i) % Size];
}

class DemoData {
 public:
  DemoData(const std::string& url, const std::string& operator_key) : client_(url, operator_key) {
    const json workspace = post(
        "/v1/workspaces", {{"name", "Demo Trading"}, {"owner", {{"name", "Olga Owner"}, {"email", "olga@demo.test"}}}});
    facts_.api_key = workspace.at("api_key");
    owners_.push_back(workspace.at("owner").at("id"));
    client_ = HttpClient(url, facts_.api_key);
  }

  DemoFacts fill() {
    for (const std::string name : kMembers) {
      owners_.push_back(
          post("/v1/members", {{"name", name}, {"email", name + "@demo.test"}, {"role", "member"}}).at("id"));
    }
    for (int i = 0; i < kContacts; ++i) add_contact(i);
    for (int i = 0; i < kDeals; ++i) add_deal(i);
    return facts_;
  }

 private:
  json post(const std::string& path, const json& body) const {
    return json::parse(accepted(client_.send("POST", path, body.dump())));
  }

  const std::string& owner(int i) const { return owners_[static_cast<std::size_t>(i) % owners_.size()]; }

  void add_contact(int i) {
    const std::string first = pick(kFirstNames, i);
    const std::string last = pick(kLastNames, i / static_cast<int>(kFirstNames.size()));
    json contact{{"first_name", first},
                 {"last_name", last},
                 {"email", first + "." + last + "@example.test"},
                 {"company_name", pick(kCompanies, i)},
                 {"owner_id", owner(i)}};
    if (i % 5 == 0) contact["tags"] = json::array({pick(kTags, i / 5)});
    if (i % 40 == 39) repeat_another(contact, i);
    contacts_.push_back(post("/v1/contacts", contact).at("id"));
    if (i % 10 == 0) post("/v1/notes", {{"body", pick(kNotes, i / 10)}, {"contact_id", contacts_.back()}});
  }

  // A duplicate for the clean-up: somebody's name and company again, under another address or none.
  static void repeat_another(json& contact, int i) {
    const int other = i - 39;
    contact["first_name"] = pick(kFirstNames, other);
    contact["last_name"] = pick(kLastNames, other / static_cast<int>(kFirstNames.size()));
    contact["company_name"] = pick(kCompanies, other);
    contact.erase("email");
    if (i % 80 == 39) contact["email"] = "private." + std::to_string(i) + "@example.test";
  }

  void add_deal(int i) {
    const std::string stage = pick(kStages, i);
    const json deal = post("/v1/deals", {{"title", pick(kCompanies, i) + " order " + std::to_string(1001 + i)},
                                         {"value", std::to_string(500 + i * 275) + ".00"},
                                         {"currency", i % 4 == 3 ? "USD" : "EUR"},
                                         {"stage", stage},
                                         {"contact_id", contacts_[static_cast<std::size_t>(i) * 3]},
                                         {"owner_id", owner(i)}});
    const std::string id = deal.at("id");
    if (stage == "negotiation") facts_.open_deal_id = id;
    if (i % 3 != 0) return;
    post("/v1/activities", {{"type", pick(kActivities, i / 3)},
                            {"subject", "About order " + std::to_string(1001 + i)},
                            {"deal_id", id},
                            {"assignee_id", owner(i)}});
  }

  HttpClient client_;
  DemoFacts facts_;
  std::vector<std::string> owners_;
  std::vector<std::string> contacts_;
};

constexpr std::string_view kMessyCsv =
    "First Name;Surname;E-Mail Address;Company;Telephone;Birthday;Shoe size\r\n"
    "Ada;Abel;ADA.ABEL@example.test;Northwind;+49 30 1234567;24.12.1990;39\r\n"  // is there already
    "Lin;\"O\"\"Brien\";lin@new.test;\"Wide\nOpen Ltd\";;03.02.1985;\r\n"        // quotes, a line break
    "  Marta ; Nowak ;marta@new.test;Granite Homes;(0)30-55;;41\r\n"             // spaces
    "Marta;Nowak;Marta@New.test;Granite Homes;;;\r\n"                            // twice in the file
    "Bo;;not an address;Harbour Labs;;;\r\n"                                     // no address
    "Cy;Young;cy@new.test;Elm Street Books;;31.02.1990;44\r\n"                   // no such day
    "\r\n"                                                                       // blank
    ";;;;;;\r\n"                                                                 // nothing in it
    "Zo\u00eb;\u0141uk;zoe@new.test;Fjord Energy;;;38\r\n";                      // other letters

}  // namespace

DemoFacts fill_demo(const std::string& url, const std::string& operator_key) {
  return DemoData(url, operator_key).fill();
}

void write_messy_csv(const std::filesystem::path& file) {
  std::ofstream out(file, std::ios::binary);
  out << "\xEF\xBB\xBF" << kMessyCsv;
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string() + "; see the free space");
}

}  // namespace daybook::cli
