#include <gtest/gtest.h>

#include <algorithm>

#include "projections/queries/list.h"
#include "tests/projections/queries/list_oracle.h"

namespace daybook::projections::test {
namespace {

// Every pair of filters under every sort in both directions, with pages of different sizes and limits that make each
// way of reading be taken: dense and sparse walks, gathering, and cuts after a few rows.
template <typename T>
void compare_every_pair(const Scene& scene, const std::vector<Choice<T>>& choices,
                        const std::vector<SortChoice<T>>& sorts, const ListLimits& limits) {
  const auto records = scene.records<T>();
  std::size_t matched = 0;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    for (std::size_t j = i; j < choices.size(); ++j) {
      std::vector<const Choice<T>*> asked{&choices[i]};
      if (j != i) asked.push_back(&choices[j]);
      for (std::size_t s = 0; s < 2 * sorts.size(); ++s) {
        ListRequest request = request_for<T>();
        for (const Choice<T>* choice : asked) choice->ask(request);
        if (choices[i].name.starts_with("q") && choices[j].name.starts_with("q") && i != j) continue;
        request.sort = sorts[s / 2].column;
        request.descending = s % 2 == 1;
        request.limit = 1 + (i * 7 + j * 3 + s) % 40;
        request.limits = limits;
        const auto wanted = expected(records, asked, sorts[s / 2], request);
        matched += wanted.size();
        ASSERT_EQ(walk(scene.rows(), request), wanted)
            << choices[i].name << " and " << choices[j].name << " by " << sorts[s / 2].name
            << (request.descending ? " descending" : "");
      }
    }
  }
  EXPECT_GT(matched, choices.size());
}

const Scene& random_scene() {
  static const Scene kScene = [] {
    Scene scene;
    std::mt19937 random(20260117);
    add_random_contacts(scene, random, 250);
    add_random_deals(scene, random, 150);
    return scene;
  }();
  return kScene;
}

TEST(ListOfContacts, EqualsTheOracleUnderEveryPairOfFilters) {
  compare_every_pair(random_scene(), contact_choices(), contact_sorts(), {});
}

TEST(ListOfContacts, EqualsTheOracleWhenPagesAreCutShort) {
  compare_every_pair(random_scene(), contact_choices(), contact_sorts(), {37, 50, 11, 10'000});
}

TEST(ListOfContacts, EqualsTheOracleWhenNothingCanBeGathered) {
  compare_every_pair(random_scene(), contact_choices(), contact_sorts(), {100, 0, 20, 10'000});
}

TEST(ListOfContacts, EqualsTheOracleWhenGatheringComesFirst) {
  compare_every_pair(random_scene(), contact_choices(), contact_sorts(), {10'000, 10'000, 1, 10'000});
}

TEST(ListOfDeals, EqualsTheOracleUnderEveryPairOfFilters) {
  compare_every_pair(random_scene(), deal_choices(), deal_sorts(), {});
}

TEST(ListOfDeals, EqualsTheOracleWhenPagesAreCutShort) {
  compare_every_pair(random_scene(), deal_choices(), deal_sorts(), {25, 30, 9, 10'000});
}

}  // namespace
}  // namespace daybook::projections::test
