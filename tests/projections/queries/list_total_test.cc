#include <gtest/gtest.h>

#include "projections/queries/list.h"
#include "tests/projections/queries/list_oracle.h"

namespace daybook::projections::test {
namespace {

using v1::Contact;

Scene random_scene() {
  Scene scene;
  std::mt19937 random(7);
  add_random_contacts(scene, random, 300);
  add_random_deals(scene, random, 100);
  return scene;
}

TEST(ListTotal, IsExactForEveryFilter) {
  const Scene scene = random_scene();
  for (const auto& choice : contact_choices()) {
    ListRequest request = request_for<Contact>();
    choice.ask(request);
    request.total = true;
    const auto wanted = expected<Contact>(scene.records<Contact>(), {&choice}, contact_sorts()[0], request);
    const auto total = list(scene.rows(), request).total;
    ASSERT_TRUE(total) << choice.name;
    EXPECT_EQ(total->count, wanted.size()) << choice.name;
    EXPECT_TRUE(total->exact) << choice.name;
  }
}

TEST(ListTotal, OfOneFilterNeedsNoScan) {
  const Scene scene = random_scene();
  for (const auto& choice : contact_choices()) {
    if (choice.name.starts_with("q") || choice.name == "tags") continue;
    ListRequest request = request_for<Contact>();
    choice.ask(request);
    if (!request.ranges.empty() || request.include_deleted) continue;
    request.total = true;
    const auto wanted = expected<Contact>(scene.records<Contact>(), {&choice}, contact_sorts()[0], request);
    request.limits.scan_units = 1;
    const auto total = list(scene.rows(), request).total;
    EXPECT_TRUE(total->exact) << choice.name;
    EXPECT_EQ(total->count, wanted.size()) << choice.name;
  }
}

TEST(ListTotal, StopsCountingAtItsBound) {
  const Scene scene = random_scene();
  ListRequest request = request_for<Contact>();
  request.include_deleted = true;
  request.total = true;
  request.limits.count_records = 100;
  const auto total = list(scene.rows(), request).total;
  EXPECT_EQ(total->count, 100U);
  EXPECT_FALSE(total->exact);
}

TEST(ListTotal, IsGivenOnlyWhenAskedFor) {
  const Scene scene = random_scene();
  EXPECT_FALSE(list(scene.rows(), request_for<Contact>()).total);
}

}  // namespace
}  // namespace daybook::projections::test
