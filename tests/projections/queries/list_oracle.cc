#include "tests/projections/queries/list_oracle.h"

#include <algorithm>
#include <cstdio>

#include "model/text.h"

namespace daybook::projections::test {
namespace {

using Contact = v1::Contact;
using Deal = v1::Deal;

const ListColumn kCreated{ListColumn::Of::kCreatedAt, nullptr};
const ListColumn kUpdated{ListColumn::Of::kUpdatedAt, nullptr};

template <typename T>
ListColumn column(std::string_view name) {
  return {ListColumn::Of::kField, &field_of<T>(name)};
}

template <typename T>
std::function<void(ListRequest&)> values(std::string_view name, std::vector<ListValue> wanted, bool or_unset = false) {
  return [=, field = &field_of<T>(name)](ListRequest& request) { request.values.push_back({field, wanted, or_unset}); };
}

ListValue id_value(std::uint8_t number) { return {bytes(some_id(number)), 0}; }
ListValue integer(std::int64_t value) { return {{}, value}; }

std::function<void(ListRequest&)> range(ListColumn of, std::optional<ListValue> least, std::optional<ListValue> most) {
  return [=](ListRequest& request) { request.ranges.push_back({of, least, most}); };
}

std::function<void(ListRequest&)> words(std::string_view query) {
  return [found = model::query_words(query)](ListRequest& request) { request.words = found; };
}

bool has_word(const std::vector<std::string>& texts, std::string_view prefix) {
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
    const auto held = model::search_words(text);
    return std::any_of(held.begin(), held.end(), [&](const std::string& word) { return word.starts_with(prefix); });
  });
}

std::vector<std::string> texts_of(const Contact& c) { return {c.first_name(), c.last_name(), c.email()}; }

std::string ordered(std::int64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "%020lld", static_cast<long long>(value));
  return text;
}

const std::int64_t kMiddle = kStartUs + 100 * kSecondUs;

}  // namespace

std::vector<Choice<Contact>> contact_choices() {
  const auto tag = [](const Contact& c, std::uint8_t number) {
    return std::find(c.tag_ids().begin(), c.tag_ids().end(), bytes(some_id(number))) != c.tag_ids().end();
  };
  return {
      {"type", values<Contact>("type", {integer(1), integer(4)}),
       [](auto& c) { return c.type() == 1 || c.type() == 4; }},
      {"status", values<Contact>("status", {{"lead", 0}}), [](auto& c) { return c.status() == "LEAD"; }},
      {"rare status", values<Contact>("status", {{"none such", 0}}), [](auto&) { return false; }},
      {"source", values<Contact>("source", {integer(2)}), [](auto& c) { return c.source() == 2; }},
      {"unsubscribed", values<Contact>("is_subscribed", {integer(0)}, true),
       [](auto& c) { return !c.is_subscribed(); }},
      {"owner", values<Contact>("owner_id", {id_value(2)}), [](auto& c) { return c.owner_id() == bytes(some_id(2)); }},
      {"owners or none", values<Contact>("owner_id", {id_value(1)}, true),
       [](auto& c) { return !c.has_owner_id() || c.owner_id() == bytes(some_id(1)); }},
      {"no owner", values<Contact>("owner_id", {}, true), [](auto& c) { return !c.has_owner_id(); }},
      {"companies", values<Contact>("company_id", {id_value(20), id_value(27), id_value(99)}),
       [](auto& c) { return c.company_id() == bytes(some_id(20)) || c.company_id() == bytes(some_id(27)); }},
      {"tag", values<Contact>("tag_ids", {id_value(51)}), [=](auto& c) { return tag(c, 51); }},
      {"tags", values<Contact>("tag_ids", {id_value(50), id_value(52)}),
       [=](auto& c) { return tag(c, 50) || tag(c, 52); }},
      {"email", [](auto& r) { r.presences.push_back({&field_of<Contact>("email"), true}); },
       [](auto& c) { return c.has_email(); }},
      {"no email", [](auto& r) { r.presences.push_back({&field_of<Contact>("email"), false}); },
       [](auto& c) { return !c.has_email(); }},
      {"created", range(kCreated, integer(kMiddle), {}), [](auto& c) { return c.meta().created_at() >= kMiddle; }},
      {"created within a millisecond", range(kCreated, integer(kMiddle + 1), integer(kMiddle + 90 * kSecondUs - 1)),
       [](auto& c) { return c.meta().created_at() > kMiddle && c.meta().created_at() < kMiddle + 90 * kSecondUs; }},
      {"updated", range(kUpdated, integer(kMiddle), integer(kMiddle + 120 * kSecondUs)),
       [](auto& c) { return c.meta().updated_at() >= kMiddle && c.meta().updated_at() <= kMiddle + 120 * kSecondUs; }},
      {"q j", words("j"), [](auto& c) { return has_word(texts_of(c), "j"); }},
      {"q jose smith", words("JOSÉ smith"),
       [](auto& c) { return has_word(texts_of(c), "jose") && has_word(texts_of(c), "smith"); }},
      {"q address", words("mail1"), [](auto& c) { return has_word(texts_of(c), "mail1"); }},
      {"deleted too", [](auto& r) { r.include_deleted = true; }, [](auto&) { return true; }},
  };
}

std::vector<SortChoice<Contact>> contact_sorts() {
  return {
      {"created_at", kCreated, [](auto&) { return std::string(); }},
      {"updated_at", kUpdated, [](auto& c) { return ordered(c.meta().updated_at()); }},
      {"name", column<Contact>("sort_name"),
       [](auto& c) { return c.has_sort_name() ? std::optional(c.sort_name()) : std::nullopt; }},
  };
}

std::vector<Choice<Deal>> deal_choices() {
  const ListColumn value = column<Deal>("value");
  const ListColumn close = column<Deal>("expected_close_date");
  return {
      {"stage", values<Deal>("stage", {{"won", 0}}), [](auto& d) { return d.stage() == "won"; }},
      {"kind", values<Deal>("kind", {integer(v1::Stage::KIND_OPEN)}), [](auto& d) { return d.stage() == "lead"; }},
      {"pipeline", values<Deal>("pipeline_id", {id_value(70)}), [](auto&) { return true; }},
      {"currency", values<Deal>("currency", {{"EUR", 0}}), [](auto& d) { return d.currency() == "EUR"; }},
      {"value from", range(value, integer(5000), {}), [](auto& d) { return d.has_value() && d.value() >= 5000; }},
      {"value", range(value, integer(2000), integer(9000)),
       [](auto& d) { return d.has_value() && d.value() >= 2000 && d.value() <= 9000; }},
      {"close", range(close, ListValue{"2026-03-01", 0}, ListValue{"2026-06-15", 0}),
       [](auto& d) {
         return d.has_expected_close_date() && d.expected_close_date() >= "2026-03-01" &&
                d.expected_close_date() <= "2026-06-15";
       }},
      {"no close", [](auto& r) { r.presences.push_back({&field_of<Deal>("expected_close_date"), false}); },
       [](auto& d) { return !d.has_expected_close_date(); }},
      {"q", words("smi"), [](auto& d) { return has_word({d.title()}, "smi"); }},
      {"deleted too", [](auto& r) { r.include_deleted = true; }, [](auto&) { return true; }},
  };
}

std::vector<SortChoice<Deal>> deal_sorts() {
  return {
      {"created_at", kCreated, [](auto&) { return std::string(); }},
      {"name", column<Deal>("sort_name"), [](auto& d) { return d.sort_name(); }},
      {"value", column<Deal>("value"),
       [](auto& d) { return d.has_value() ? std::optional(ordered(d.value())) : std::nullopt; }},
      {"expected_close_date", column<Deal>("expected_close_date"),
       [](auto& d) { return d.has_expected_close_date() ? std::optional(d.expected_close_date()) : std::nullopt; }},
  };
}

}  // namespace daybook::projections::test
