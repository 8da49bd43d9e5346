// What a page of a list costs among 10,000 and among 1,000,000 contacts, and the ratio (quality.md §3). Usage:
// list_pages DIRECTORY [ROUNDS]; the states are made there at the first run. Rounds are interleaved; figures are
// medians.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "daybook/v1/contact.pb.h"
#include "domain/store.h"
#include "model/row_key.h"
#include "model/text.h"
#include "projections/derived_rows.h"
#include "projections/queries/list.h"
#include "projections/state_store.h"

namespace {

using namespace daybook;  // NOLINT: one program, no header
using projections::ListColumn;
using projections::ListRequest;
using v1::Contact;

constexpr std::uint64_t kSeed = 20260117;
constexpr std::int64_t kStartUs = 1'767'225'600'000'000;

model::Uuid other_id(std::uint32_t family, std::uint64_t number) {
  return model::Uuid::version7(kStartUs / 1000, family, number);
}
std::string bytes(const model::Uuid& id) { return std::string(id.view()); }

std::string made_name(std::mt19937_64& random, std::size_t names) {
  static constexpr const char* kParts[] = {"an", "bo", "cla", "da", "el", "fri", "gus", "ha", "is", "jo",
                                           "ka", "lu", "mar", "no", "ol", "pe",  "ri",  "sa", "to", "vi"};
  std::size_t number = random() % names;
  std::string name;
  for (int i = 0; i < 4; ++i, number /= 20) name += kParts[number % 20];
  name[0] = static_cast<char>(name[0] - 32);
  return name;
}

// Zipf with exponent 0.99 over `count` ranks, by inversion of the continuous distribution.
std::uint64_t zipf(std::mt19937_64& random, double count) {
  const double u = static_cast<double>(random() >> 11) / 9007199254740992.0;
  return static_cast<std::uint64_t>(std::pow(u * (std::pow(count, 0.01) - 1) + 1, 100.0)) - 1;
}

Contact made_contact(std::mt19937_64& random, std::uint64_t i, std::uint64_t count) {
  Contact c;
  c.set_first_name(made_name(random, 2'000));
  c.set_last_name(made_name(random, 100'000));
  c.set_email(c.first_name() + "." + c.last_name() + std::to_string(i) + "@example" + std::to_string(i % 500) + ".com");
  c.set_email_key(*model::email_key(c.email()));
  c.set_phone("+49 30 1234567");
  c.set_job_title("Head of Procurement");
  c.set_type(random() % 2 ? Contact::TYPE_CUSTOMER : static_cast<Contact::Type>(2 + random() % 4));
  c.set_status(random() % 2 ? "LEAD" : "ACTIVE");
  c.set_is_subscribed(random() % 2);
  c.set_source(c.is_subscribed() ? Contact::SOURCE_FORM : Contact::SOURCE_MANUAL);
  c.set_owner_id(bytes(other_id(1, zipf(random, 1000))));
  c.set_company_id(bytes(other_id(2, random() % (count / 20))));
  c.set_company_name("Company " + made_name(random, 5'000));
  c.add_tag_ids(bytes(other_id(3, random() % 2)));
  c.set_notes(std::string(200, 'n'));
  c.set_address_line1("Unter den Linden 77");
  c.set_city("Berlin");
  c.set_country("Germany");
  c.set_sort_name(model::fold(c.first_name() + " " + c.last_name()));
  c.mutable_meta()->set_created_at(kStartUs + static_cast<std::int64_t>(i) * 1000);
  c.mutable_meta()->set_updated_at(c.meta().created_at());
  c.mutable_meta()->set_version(1);
  return c;
}

void fill(projections::StateStore& store, model::WorkspaceId workspace, std::uint64_t count) {
  const model::Kind& kind = domain::kind_of<Contact>();
  std::mt19937_64 random(kSeed);
  std::map<std::string, model::Wide> counters;
  for (std::uint64_t i = 0; i < count;) {
    projections::StateStore::Batch batch;
    auto& rows = batch[workspace];
    for (const std::uint64_t end = std::min(count, i + 2'000); i < end; ++i) {
      const model::Uuid id = model::Uuid::version7(kStartUs / 1000 + static_cast<std::int64_t>(i), 0, random());
      const std::string record = made_contact(random, i, count).SerializeAsString();
      rows[model::entity_key(kind.number, id)] = record;
      for (auto& [key, value] : domain::decision_rows(kind, id, record)) rows[key] = value;
      const auto derived = projections::derive(kind, id, record);
      for (const auto& [key, value] : derived.rows) rows[key] = value;
      for (const auto& [key, value] : derived.contributions) counters[key] += value;
    }
    store.write(batch, 0, {});
  }
  projections::StateStore::Batch batch;
  for (const auto& [key, value] : counters) batch[workspace][key] = projections::encode_counter(value);
  store.write(batch, 0, {});
}

const model::Field& field(const char* name) { return *domain::kind_of<Contact>().message->field(name); }

struct Query {
  std::string name;
  ListRequest request;
};

class QuerySet {
 public:
  QuerySet() {
    const ListColumn created{};
    const ListColumn updated{ListColumn::Of::kUpdatedAt, nullptr};
    const ListColumn name{ListColumn::Of::kField, &field("sort_name")};
    for (const auto& [by, column] : {std::pair{"created_at", created}, {"updated_at", updated}, {"name", name}}) {
      for (const bool descending : {false, true}) {
        add(std::string("all by ") + (descending ? "-" : "") + by, column, descending, {});
      }
      add(std::string("three of 50% by ") + by, column, true, halves());
      add(std::string("tag of 50% by ") + by, column, true, {tag(0)});
      add(std::string("disjoint packed by ") + by, column, true,
          {one("is_subscribed", 1), one("source", Contact::SOURCE_MANUAL)});
      add(std::string("disjoint tags by ") + by, column, true, {tag(0), tag(1)});
      add(std::string("first owner by ") + by, column, true, {owner(0)});
      add(std::string("30th owner by ") + by, column, true, {owner(30)});
      add(std::string("disjoint owners by ") + by, column, true, {owner(30), owner(31)});
      for (const char* q : {"j", "jo", "clafri", "nobody"}) {
        add("q " + std::string(q) + " by " + by, column, true, {}, {q});
      }
    }
  }
  const std::vector<Query>& all() const { return queries_; }

 private:
  static projections::ValueFilter one(const char* name, std::int64_t value) {
    return {&field(name), {{{}, value}}, false};
  }
  static projections::ValueFilter tag(std::uint64_t i) {
    return {&field("tag_ids"), {{bytes(other_id(3, i)), 0}}, false};
  }
  static projections::ValueFilter owner(std::uint64_t i) {
    return {&field("owner_id"), {{bytes(other_id(1, i)), 0}}, false};
  }
  static std::vector<projections::ValueFilter> halves() {
    return {one("type", Contact::TYPE_CUSTOMER), {&field("status"), {{"lead", 0}}, false}, one("is_subscribed", 1)};
  }
  void add(std::string name, ListColumn sort, bool descending, std::vector<projections::ValueFilter> values,
           std::vector<std::string> words = {}) {
    ListRequest request;
    request.kind = &domain::kind_of<Contact>();
    request.values = std::move(values);
    request.words = std::move(words);
    request.sort = sort;
    request.descending = descending;
    queries_.push_back({std::move(name), std::move(request)});
  }
  std::vector<Query> queries_;
};

// Microseconds of one page.
double page_us(const projections::StateStore& store, model::WorkspaceId workspace, const ListRequest& request,
               projections::ListPage& page) {
  const auto start = std::chrono::steady_clock::now();
  page = projections::list(*store.rows(workspace, store.snapshot()), request);
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

void walk_lengths(const projections::StateStore& store, model::WorkspaceId workspace, const Query& query) {
  ListRequest request = query.request;
  double total = 0;
  double longest = 0;
  for (int pages = 1; pages <= 20; ++pages) {
    projections::ListPage page;
    const double us = page_us(store, workspace, request, page);
    total += us;
    longest = std::max(longest, us);
    if (!page.next) {
      std::printf("walk of \"%s\" ends after %d pages, %.0f ms in all, the longest %.0f ms\n", query.name.c_str(),
                  pages, total / 1000, longest / 1000);
      return;
    }
    request.position = *page.next;
  }
  std::printf("walk of \"%s\" goes on after 20 pages\n", query.name.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: list_pages DIRECTORY [ROUNDS]\n"), 2;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 21;
  projections::StateStore store({argv[1], std::size_t{1} << 30, 64 << 20});
  model::WorkspaceId small;
  small.value.bytes.fill(1);
  model::WorkspaceId large;
  large.value.bytes.fill(2);
  if (!store.fingerprint()) {
    fill(store, small, 10'000);
    fill(store, large, 1'000'000);
    store.set_fingerprint(1);
  }
  std::printf("seed %llu, %d rounds\n%-34s %10s %10s %7s %6s %8s\n", static_cast<unsigned long long>(kSeed), rounds,
              "page of 50", "10k us", "1M us", "ratio", "items", "units");
  const QuerySet queries;
  for (const Query& query : queries.all()) {
    std::vector<double> times[2];
    projections::ListPage page;
    for (int i = 0; i < rounds; ++i) {
      times[0].push_back(page_us(store, small, query.request, page));
      times[1].push_back(page_us(store, large, query.request, page));
    }
    const double a = median(times[0]);
    const double b = median(times[1]);
    std::printf("%-34s %10.0f %10.0f %7.2f %6zu %8zu %s\n", query.name.c_str(), a, b, b / a, page.items.size(),
                page.units, b <= 1.5 * a ? "PASS" : "FAIL");
  }
  for (const Query& query : queries.all()) {
    if (query.name.starts_with("disjoint") || query.name.starts_with("q nobody")) walk_lengths(store, large, query);
  }
}
