// What a page of a list costs among 10,000 and among 1,000,000 contacts, and whether a walk to the last page gives
// exactly what a filter and a sort over all records give. Usage: list_pages DIRECTORY [ROUNDS]; the states are made
// there at the first run. Rounds are interleaved; times are medians. Lines: `page NAME US_10K US_1M RATIO TARGET` and
// `walk NAME ROWS PAGES MS RIGHT`.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string>
#include <vector>

#include "bench/lists/made_contacts.h"
#include "bench/lists/queries.h"
#include "domain/store.h"
#include "projections/queries/list.h"
#include "projections/state_store.h"

namespace {

using namespace daybook;  // NOLINT: one program, no header
using bench::Query;

constexpr std::uint64_t kSmall = 10'000;
constexpr std::uint64_t kLarge = 1'000'000;

double now_us() {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double page_us(const projections::StateStore& store, model::WorkspaceId workspace,
               const projections::ListRequest& request) {
  const double start = now_us();
  projections::list(*store.rows(workspace, store.snapshot()), request);
  return now_us() - start;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

// Where a record stands in a list: descending lists turn the whole order round.
struct Place {
  std::string key;
  model::Uuid id;
  auto operator<=>(const Place&) const = default;
};

std::vector<std::vector<Place>> expected(const std::vector<Query>& queries) {
  std::vector<std::vector<Place>> places(queries.size());
  bench::for_each_made_contact(kLarge, [&](const model::Uuid& id, const v1::Contact& contact) {
    for (std::size_t i = 0; i < queries.size(); ++i) {
      if (queries[i].matches(contact)) places[i].push_back({queries[i].sort_key(contact), id});
    }
  });
  for (std::size_t i = 0; i < queries.size(); ++i) {
    std::sort(places[i].begin(), places[i].end());
    if (queries[i].request.descending) std::reverse(places[i].begin(), places[i].end());
  }
  return places;
}

// Walks one list of the large workspace to its end.
void walk(const projections::StateStore& store, model::WorkspaceId workspace, const Query& query,
          const std::vector<Place>& wanted) {
  const auto rows = store.rows(workspace, store.snapshot());
  projections::ListRequest request = query.request;
  std::size_t count = 0;
  std::size_t pages = 0;
  bool right = true;
  const double start = now_us();
  for (;;) {
    const projections::ListPage page = projections::list(*rows, request);
    ++pages;
    for (const auto& item : page.items) {
      right = right && count < wanted.size() && item.id == wanted[count].id;
      ++count;
    }
    if (!page.next) break;
    request.position = *page.next;
  }
  right = right && count == wanted.size();
  std::printf("walk %s %zu %zu %.1f %s\n", query.name.c_str(), count, pages, (now_us() - start) / 1000,
              right ? "yes" : "no");
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
    bench::fill(store, small, kSmall);
    bench::fill(store, large, kLarge);
    store.set_fingerprint(1);
  }
  const std::vector<Query> queries = bench::all_queries();
  for (const Query& query : queries) {
    std::vector<double> times[2];
    for (int i = 0; i < rounds; ++i) {
      times[0].push_back(page_us(store, small, query.request));
      times[1].push_back(page_us(store, large, query.request));
    }
    const double a = median(times[0]);
    const double b = median(times[1]);
    std::printf("page %s %.0f %.0f %.2f %s\n", query.name.c_str(), a, b, b / a, query.is_target ? "yes" : "no");
    std::fflush(stdout);
  }
  std::vector<Query> walked;
  std::copy_if(queries.begin(), queries.end(), std::back_inserter(walked), [](const auto& q) { return q.is_target; });
  const auto places = expected(walked);
  for (std::size_t i = 0; i < walked.size(); ++i) walk(store, large, walked[i], places[i]);
  return 0;
}
