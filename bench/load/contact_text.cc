#include "bench/load/contact_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace daybook::bench {
namespace {

constexpr std::array<std::string_view, 20> kSyllables{"an", "bo", "cla", "da", "el", "fri", "gus", "ha", "is", "jo",
                                                      "ka", "lu", "mar", "no", "ol", "pe",  "ri",  "sa", "to", "vi"};
constexpr std::array<std::string_view, 5> kTypes{"customer", "contractor", "vendor", "partner", "other"};
constexpr std::array<std::string_view, 3> kStatuses{"lead", "active", "inactive"};
constexpr std::array<std::string_view, 5> kTags{"newsletter", "vip", "trade-fair", "reseller", "press"};
constexpr std::string_view kNotes =
    "Met at the spring fair; interested in the yearly plan. Wants an offer with two options and a call next week.";

std::string made_name(std::mt19937_64& random, std::uint64_t names) {
  std::uint64_t number = random() % names;
  std::string name;
  for (int i = 0; i < 4; ++i, number /= kSyllables.size()) name += kSyllables[number % kSyllables.size()];
  name[0] = static_cast<char>(name[0] - 32);
  return name;
}

void add(std::string& json, std::string_view name, std::string_view value) {
  json.append(json.empty() ? "{\"" : ",\"").append(name).append("\":\"").append(value).append("\"");
}

}  // namespace

std::uint64_t zipf(std::mt19937_64& random, std::uint64_t count) {
  const double u = static_cast<double>(random() >> 11) / 9007199254740992.0;
  const double rank = std::pow(u * (std::pow(static_cast<double>(count), 0.01) - 1) + 1, 100.0);
  return std::min(static_cast<std::uint64_t>(rank) - 1, count - 1);
}

std::string contact_text(std::mt19937_64& random, std::uint64_t number, const std::string& owner_id) {
  const std::string first = made_name(random, 2'000);
  const std::string last = made_name(random, 100'000);
  const std::string n = std::to_string(number);
  std::string json;
  json.reserve(1024);
  add(json, "first_name", first);
  add(json, "last_name", last);
  add(json, "email", first + "." + last + "." + n + "@example" + std::to_string(number % 500) + ".com");
  add(json, "phone", "+49 30 " + std::to_string(1'000'000 + number % 9'000'000));
  add(json, "job_title", "Head of Procurement");
  add(json, "type", kTypes[random() % kTypes.size()]);
  add(json, "status", kStatuses[random() % kStatuses.size()]);
  add(json, "source", random() % 2 == 0 ? "form" : "manual");
  add(json, "lead_source", "Trade fair in spring");
  add(json, "company_name", "Company " + std::to_string(number / 20) + " Ltd");
  add(json, "industry", "Mechanical engineering");
  add(json, "company_size", "51-200");
  add(json, "timezone", "Europe/Berlin");
  add(json, "notes", kNotes);
  add(json, "address_line1", "Unter den Linden " + std::to_string(1 + number % 200));
  add(json, "address_line2", "Third floor, left");
  add(json, "city", "Berlin");
  add(json, "state", "Berlin");
  add(json, "postal_code", "10117");
  add(json, "country", "Germany");
  add(json, "owner_id", owner_id);
  add(json, "portal_user_id", "portal-user-" + n);
  json.append(",\"birth_month\":").append(std::to_string(1 + random() % 12));
  json.append(",\"birth_day\":").append(std::to_string(1 + random() % 28));
  json.append(",\"tags\":[\"").append(kTags[random() % kTags.size()]).append("\"]}");
  return json;
}

}  // namespace daybook::bench
