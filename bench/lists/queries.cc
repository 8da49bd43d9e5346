#include "bench/lists/queries.h"

#include <algorithm>
#include <cstdio>

#include "bench/lists/made_contacts.h"
#include "domain/store.h"
#include "model/text.h"

namespace daybook::bench {
namespace {

using projections::ListColumn;
using projections::ListRequest;
using projections::ValueFilter;
using v1::Contact;
using Matches = std::function<bool(const Contact&)>;

const model::Field& field(const char* name) { return *domain::kind_of<Contact>().message->field(name); }

ValueFilter one(const char* name, std::int64_t value) { return {&field(name), {{{}, value}}, false}; }
ValueFilter tag(std::uint64_t i) { return {&field("tag_ids"), {{bytes(other_id(3, i)), 0}}, false}; }
ValueFilter owner(std::uint64_t i) { return {&field("owner_id"), {{bytes(other_id(1, i)), 0}}, false}; }

Matches has_tag(std::uint64_t i) {
  return [id = bytes(other_id(3, i))](const Contact& c) { return c.tag_ids(0) == id; };
}
Matches has_owner(std::uint64_t i) {
  return [id = bytes(other_id(1, i))](const Contact& c) { return c.owner_id() == id; };
}
Matches has_word(const std::string& prefix) {
  return [prefix](const Contact& c) {
    for (const std::string* text : {&c.first_name(), &c.last_name(), &c.email(), &c.company_name()}) {
      const auto words = model::search_words(*text);
      if (std::any_of(words.begin(), words.end(), [&](const auto& word) { return word.starts_with(prefix); })) {
        return true;
      }
    }
    return false;
  };
}

std::string ordered(std::int64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "%020lld", static_cast<long long>(value));
  return text;
}

struct Sort {
  std::string name;
  ListColumn column;
  std::function<std::string(const Contact&)> key;
};

std::vector<Sort> sorts() {
  return {{"created_at", {}, [](const Contact&) { return std::string(); }},
          {"updated_at",
           {ListColumn::Of::kUpdatedAt, nullptr},
           [](const Contact& c) { return ordered(c.meta().updated_at()); }},
          {"name", {ListColumn::Of::kField, &field("sort_name")}, [](const Contact& c) { return c.sort_name(); }}};
}

class QuerySet {
 public:
  void add_all(const Sort& sort) {
    sort_ = &sort;
    const auto all = [](const Contact&) { return true; };
    const auto none = [](const Contact&) { return false; };
    add("all", false, {}, all);
    add("all", true, {}, all);
    add("three_halves", true,
        {one("type", Contact::TYPE_CUSTOMER), {&field("status"), {{"lead", 0}}, false}, one("is_subscribed", 1)},
        [](const Contact& c) {
          return c.type() == Contact::TYPE_CUSTOMER && c.status() == "LEAD" && c.is_subscribed();
        })
        .is_target = true;
    add("tag_of_half", true, {tag(0)}, has_tag(0));
    add("disjoint_packed", true, {one("is_subscribed", 1), one("source", Contact::SOURCE_MANUAL)}, none).is_target =
        true;
    add("disjoint_tags", true, {tag(0), tag(1)}, none).is_target = true;
    add("first_owner", true, {owner(0)}, has_owner(0));
    add("30th_owner", true, {owner(30)}, has_owner(30));
    add("disjoint_owners", true, {owner(30), owner(31)}, none);
    for (const char* word : {"j", "jo", "clafri", "nobody"}) {
      Query& query = add(std::string("q_") + word, true, {}, has_word(word));
      query.request.words = {word};
      query.is_target = std::string(word) == "j";
    }
  }
  std::vector<Query> take() { return std::move(queries_); }

 private:
  Query& add(const std::string& name, bool descending, std::vector<ValueFilter> values, Matches matches) {
    ListRequest request;
    request.kind = &domain::kind_of<Contact>();
    request.values = std::move(values);
    request.sort = sort_->column;
    request.descending = descending;
    queries_.push_back({name + "_by_" + (descending ? "-" : "") + sort_->name, std::move(request), std::move(matches),
                        sort_->key, false});
    return queries_.back();
  }

  const Sort* sort_ = nullptr;
  std::vector<Query> queries_;
};

}  // namespace

std::vector<Query> all_queries() {
  const std::vector<Sort> by = sorts();
  QuerySet set;
  for (const Sort& sort : by) set.add_all(sort);
  return set.take();
}

}  // namespace daybook::bench
