#include "domain/store.h"

#include <gtest/gtest.h>

#include "daybook/v1/contact.pb.h"
#include "tests/domain/given.h"

namespace daybook::domain {
namespace {

v1::Meta meta_of_contact_by(const Actor& actor) {
  MemoryRows rows;
  Store store(rows, {id("acme")}, {kNow, actor, id("now")});
  store.put(id("ada"), v1::Contact{});
  return meta_of(*store.view().record(kind_of<v1::Contact>(), id("ada")));
}

TEST(Stamp, NamesTheActor) {
  const v1::Meta meta = meta_of_contact_by({Actor::Kind::kApiKey, id("key")});
  EXPECT_EQ(meta.created_by().id(), id("key").view());
  EXPECT_EQ(meta.updated_by().id(), id("key").view());
}

TEST(Stamp, ForgetsTheIdOfTheActorBefore) {
  MemoryRows rows;
  Store first(rows, {id("acme")}, {kNow, {Actor::Kind::kApiKey, id("key")}, id("create")});
  first.put(id("ada"), v1::Contact{});
  Store second(rows, {id("acme")}, {kNow, {Actor::Kind::kSystem, {}}, id("update")});
  second.put(id("ada"), *second.view().find<v1::Contact>(id("ada")));
  const v1::Meta meta = meta_of(*second.view().record(kind_of<v1::Contact>(), id("ada")));
  EXPECT_EQ(meta.created_by().id(), id("key").view());
  EXPECT_FALSE(meta.updated_by().has_id());
}

TEST(Stamp, LeavesTheIdOfAnActorWithoutOneNull) {
  const v1::Meta meta = meta_of_contact_by({Actor::Kind::kOperator, {}});
  EXPECT_EQ(meta.created_by().kind(), v1::Actor::KIND_OPERATOR);
  EXPECT_FALSE(meta.created_by().has_id());
  EXPECT_FALSE(meta.updated_by().has_id());
}

}  // namespace
}  // namespace daybook::domain
