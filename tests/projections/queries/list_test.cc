#include "projections/queries/list.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "projections/state_store.h"
#include "tests/projections/queries/list_scene.h"

namespace daybook::projections::test {
namespace {

using v1::Contact;

Contact named(const std::string& name, std::uint8_t owner = 0) {
  Contact contact;
  contact.set_first_name(name);
  contact.set_sort_name(name);
  if (owner != 0) contact.set_owner_id(bytes(some_id(owner)));
  return contact;
}

ListRequest by_name() {
  ListRequest request = request_for<Contact>();
  request.sort = {ListColumn::Of::kField, &field_of<Contact>("sort_name")};
  return request;
}

ListRequest of_owner(std::uint8_t owner) {
  ListRequest request = request_for<Contact>();
  request.values.push_back({&field_of<Contact>("owner_id"), {{bytes(some_id(owner)), 0}}, false});
  return request;
}

std::vector<model::Uuid> ids_of(const ListPage& page) {
  std::vector<model::Uuid> ids;
  for (const ListPage::Item& item : page.items) ids.push_back(item.id);
  return ids;
}

TEST(List, OfNothingIsOneEmptyPage) {
  const Scene scene;
  const ListPage page = list(scene.rows(), request_for<Contact>());
  EXPECT_TRUE(page.items.empty());
  EXPECT_FALSE(page.next);
}

TEST(List, EndsWithTheLastFullPage) {
  Scene scene;
  for (int i = 0; i < 4; ++i) scene.add(named("a"));
  ListRequest request = request_for<Contact>();
  request.limit = 2;
  const ListPage first = list(scene.rows(), request);
  ASSERT_TRUE(first.next);
  request.position = *first.next;
  const ListPage second = list(scene.rows(), request);
  EXPECT_EQ(second.items.size(), 2U);
  EXPECT_FALSE(second.next);
}

TEST(List, ShowsARecordAsItIs) {
  Scene scene;
  scene.add(named("jane"));
  const ListPage page = list(scene.rows(), request_for<Contact>());
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(domain::parse<Contact>(page.items[0].record).first_name(), "jane");
}

TEST(List, PutsRecordsWithoutASortValueLastInBothDirections) {
  Scene scene;
  const auto unset = scene.add(Contact());
  const auto b = scene.add(named("b"));
  const auto a = scene.add(named("a"));
  ListRequest request = by_name();
  EXPECT_EQ(walk(scene.rows(), request), (std::vector{a, b, unset}));
  request.descending = true;
  EXPECT_EQ(walk(scene.rows(), request), (std::vector{b, a, unset}));
}

TEST(List, TellsLongNamesApartByTheirIds) {
  Scene scene;
  const auto first = scene.add(named(std::string(600, 'x') + "b"));
  const auto second = scene.add(named(std::string(600, 'x') + "a"));
  ListRequest request = by_name();
  request.limit = 1;
  EXPECT_EQ(walk(scene.rows(), request), (std::vector{first, second}));
}

TEST(List, FindsAWordLongerThanItsRow) {
  Scene scene;
  const auto id = scene.add(named(std::string(70, 'x') + "b"));
  scene.add(named(std::string(70, 'x') + "a"));
  ListRequest request = request_for<Contact>();
  request.words = {std::string(70, 'x') + "b"};
  EXPECT_EQ(walk(scene.rows(), request), (std::vector{id}));
}

TEST(List, MatchesAStatusInAnyCase) {
  Scene scene;
  Contact contact;
  contact.set_status("LEAD");
  const auto id = scene.add(contact);
  ListRequest request = request_for<Contact>();
  request.values.push_back({&field_of<Contact>("status"), {{"lead", 0}}, false});
  EXPECT_EQ(walk(scene.rows(), request), (std::vector{id}));
}

TEST(List, ShowsAnUnchangedRecordOnceWhileOthersComeGoAndMove) {
  for (const bool descending : {false, true}) {
    Scene scene;
    std::vector<model::Uuid> ids;
    for (char c = 'a'; c <= 'z'; ++c) ids.push_back(scene.add(named(std::string(1, c))));
    ListRequest request = by_name();
    request.descending = descending;
    request.limit = 3;
    std::multiset<model::Uuid> seen;
    for (std::size_t pages = 0;; ++pages) {
      const ListPage page = list(scene.rows(), request);
      for (const model::Uuid& id : ids_of(page)) seen.insert(id);
      if (!page.next) break;
      request.position = *page.next;
      if (pages == 1) scene.remove(domain::kind_of<Contact>(), ids[descending ? 19 : 6]);  // where the next page begins
      if (pages == 2) scene.change(ids[12], named("zz"));
      if (pages == 3) scene.add(named("nn"));
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (i != 6 && i != 19 && i != 12) {
        EXPECT_EQ(seen.count(ids[i]), 1U) << i;
      }
    }
  }
}

TEST(List, GoesOnWhereTheBudgetCutThePageShort) {
  Scene scene;
  for (int i = 0; i < 300; ++i) scene.add(named("a"));
  Contact rare;
  rare.set_status("CHURNED");
  const auto id = scene.add(rare);
  ListRequest request = request_for<Contact>();
  request.values.push_back({&field_of<Contact>("status"), {{"churned", 0}}, false});
  request.limits.scan_units = 50;
  const ListPage first = list(scene.rows(), request);
  EXPECT_TRUE(first.items.empty());
  ASSERT_TRUE(first.next);
  EXPECT_LE(first.units, 50U);
  EXPECT_EQ(walk(scene.rows(), request), (std::vector{id}));
}

TEST(List, EndsAWalkOfFewMatchesWithinTenPages) {
  Scene scene;
  for (int i = 0; i < 3000; ++i) scene.add(named("a"));
  ListRequest request = request_for<Contact>();
  request.values.push_back({&field_of<Contact>("status"), {{"none", 0}}, false});
  request.limits.scan_units = 4;  // a thousandth of the records, as 10,000 are of ten million
  EXPECT_TRUE(walk(scene.rows(), request, 10).empty());
}

TEST(List, LeapsOverTheRecordsBetweenTwoSelectiveFilters) {
  Scene scene;
  for (int i = 0; i < 2000; ++i) scene.add(named("a", i == 3 || i == 1500 ? 1 : 2));
  const ListPage page = list(scene.rows(), of_owner(1));
  EXPECT_EQ(page.items.size(), 2U);
  EXPECT_FALSE(page.next);
  EXPECT_LT(page.units, 100U);
}

TEST(List, LeapsToTheEndOfHalvesThatDoNotMeet) {
  Scene scene;
  for (int i = 0; i < 2000; ++i) {
    Contact contact = named("a", i < 1000 ? 1 : 2);
    contact.set_company_id(bytes(some_id(i < 1000 ? 11 : 12)));
    scene.add(contact);
  }
  ListRequest request = of_owner(1);
  request.values.push_back({&field_of<Contact>("company_id"), {{bytes(some_id(12)), 0}}, false});
  const ListPage page = list(scene.rows(), request);
  EXPECT_FALSE(page.next);
  EXPECT_LT(page.units, 200U);
}

TEST(List, GathersFewIdsUnderAnotherSort) {
  Scene scene;
  for (int i = 0; i < 2000; ++i) scene.add(named("n" + std::to_string(i), i % 400 == 0 ? 1 : 2));
  ListRequest request = of_owner(1);
  request.sort = by_name().sort;
  const ListPage page = list(scene.rows(), request);
  EXPECT_EQ(page.items.size(), 5U);
  EXPECT_LT(page.units, 100U);
}

TEST(List, RefusesAPositionThatNoPageGave) {
  const Scene scene;
  ListRequest request = request_for<Contact>();
  request.position = "\xFFgarbage";
  EXPECT_THROW(list(scene.rows(), request), std::logic_error);
}

TEST(ListIdentity, DiffersWithFilterSortAndDirectionOnly) {
  const std::string one = identity(of_owner(1));
  ListRequest longer = of_owner(1);
  longer.limit = 7;
  longer.position = "x";
  EXPECT_EQ(identity(longer), one);
  EXPECT_NE(identity(of_owner(2)), one);
  ListRequest other = of_owner(1);
  other.descending = true;
  EXPECT_NE(identity(other), one);
  other = of_owner(1);
  other.sort = by_name().sort;
  EXPECT_NE(identity(other), one);
  other = of_owner(1);
  other.include_deleted = true;
  EXPECT_NE(identity(other), one);
}

// Two workspaces in one RocksDB state, read under a snapshot.
class ListInState : public testing::Test {
 protected:
  ListInState() : directory_(testing::TempDir() + "daybook-list-" + std::to_string(::getpid())) {
    std::filesystem::remove_all(directory_);
    store_ = std::make_unique<StateStore>(StateStore::Options{directory_});
  }
  ~ListInState() override {
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  void keep(const Scene& scene) {
    StateStore::Batch batch;
    for (const auto& [key, value] : scene.rows().all()) batch[scene.workspace()].emplace(key, value);
    store_->write(batch, 0, {});
  }

  std::filesystem::path directory_;
  std::unique_ptr<StateStore> store_;
};

TEST_F(ListInState, GivesEachWorkspaceItsOwnInBothDirections) {
  Scene one(0x00);
  Scene two(0xFF);
  std::vector<model::Uuid> mine;
  for (int i = 0; i < 30; ++i) {
    mine.push_back(one.add(named("n" + std::to_string(100 + i), i % 2 == 0 ? 1 : 2)));
    two.add(named("n" + std::to_string(100 + i), 1));
  }
  keep(one);
  keep(two);
  const auto rows = store_->rows(one.workspace(), store_->snapshot());
  ListRequest request = by_name();
  request.limit = 7;
  EXPECT_EQ(walk(*rows, request), mine);
  request.descending = true;
  EXPECT_EQ(walk(*rows, request), (std::vector(mine.rbegin(), mine.rend())));
  EXPECT_EQ(walk(*rows, of_owner(1)).size(), 15U);
  EXPECT_EQ(walk(*store_->rows(two.workspace()), of_owner(1)).size(), 30U);
}

TEST_F(ListInState, ShowsTheMomentOfItsSnapshot) {
  Scene scene;
  scene.add(named("a"));
  keep(scene);
  const auto rows = store_->rows(scene.workspace(), store_->snapshot());
  scene.add(named("b"));
  keep(scene);
  EXPECT_EQ(walk(*rows, by_name()).size(), 1U);
  EXPECT_EQ(walk(*store_->rows(scene.workspace()), by_name()).size(), 2U);
}

}  // namespace
}  // namespace daybook::projections::test
