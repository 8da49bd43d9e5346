#include "api/feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/event_json.h"
#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "daybook/v1/workspace.pb.h"
#include "domain/store.h"
#include "projections/commit_fold.h"

namespace daybook::api {
namespace {

using testing::HasSubstr;
using testing::Not;

model::Uuid id(std::uint8_t number) {
  model::Uuid id;
  id.bytes.fill(number);
  return id;
}

const model::WorkspaceId kWorkspace{id(1)};

// One commit of these events, at position 1.
domain::MemoryRows rows_after(std::vector<domain::Event> events) {
  eventstore::OpenedCommit opened;
  opened.commit.workspace = kWorkspace;
  opened.commit.command = id(2);
  opened.commit.first_position = 1;
  opened.commit.time_us = 1'767'225'600'000'000;
  opened.commit.actor = {domain::Actor::Kind::kApiKey, id(3)};
  opened.commit.origin = "POST /v1/contacts";
  opened.commit.traceparent = "00-trace";
  opened.after.next_position = 1 + events.size();
  opened.commit.events = std::move(events);
  domain::MemoryRows rows;
  domain::LayerRows layer(rows);
  projections::fold_commit(opened, layer);
  domain::keep(layer.take(), rows);
  return rows;
}

domain::Event ada_created() {
  v1::Contact ada;
  ada.set_first_name("Ada");
  ada.set_email_key("ada@example.test");
  return {"contact.created", domain::kind_of<v1::Contact>().number, id(4), ada.SerializeAsString(), {}, id(4)};
}

domain::Event ada_gets_a_phone() {
  v1::Contact phone;
  phone.set_phone("1");
  return {"contact.updated",         domain::kind_of<v1::Contact>().number, id(4),
          phone.SerializeAsString(), {v1::Contact::kFirstNameFieldNumber},  id(4)};
}

domain::Event key_created() {
  v1::ApiKey key;
  key.set_name("ci");
  key.set_secret_hash("abcdefgh");
  return {"api_key.created", domain::kind_of<v1::ApiKey>().number, id(5), key.SerializeAsString(), {}, id(5)};
}

std::string json_at(const domain::RowReader& rows, std::uint64_t position) {
  return event_json(rows, kWorkspace, projections::audit_entry(rows, position).value());
}

TEST(EventJson, HasTheAttributesOfACloudEvent) {
  const std::string json = json_at(rows_after({ada_created()}), 1);
  EXPECT_THAT(json, HasSubstr(R"("specversion":"1.0","type":"daybook.contact.created.v1")"));
  EXPECT_THAT(json, HasSubstr(R"("source":"/workspaces/01010101-0101-0101-0101-010101010101")"));
  EXPECT_THAT(json, HasSubstr(R"("subject":"04040404-0404-0404-0404-040404040404")"));
  EXPECT_THAT(json, HasSubstr(R"("time":"2026-01-01T00:00:00Z","sequence":"00000000000000000001")"));
  EXPECT_THAT(json, HasSubstr(R"("actor":"api_key:03030303-0303-0303-0303-030303030303")"));
  EXPECT_THAT(json, HasSubstr(R"("origin":"POST /v1/contacts","traceparent":"00-trace")"));
}

TEST(EventJson, AnAmountChangesWithTheDigitsOfItsCurrency) {
  const model::Kind& kind = domain::kind_of<v1::Deal>();
  v1::Deal deal;
  deal.set_value(100);
  deal.set_currency("EUR");
  v1::Deal yen;
  yen.set_currency("JPY");
  const auto rows = rows_after({{"deal.created", kind.number, id(6), deal.SerializeAsString(), {}, id(6)},
                                {"deal.updated", kind.number, id(6), yen.SerializeAsString(), {}, id(6)}});
  EXPECT_THAT(json_at(rows, 2), HasSubstr(R"("changed":{"value":{"before":"1.00","after":"100"},"currency":{)"));
}

TEST(EventJson, ShowsWhatChangedWithBothValues) {
  const std::string json = json_at(rows_after({ada_created(), ada_gets_a_phone()}), 2);
  EXPECT_THAT(json, HasSubstr(R"("changed":{"first_name":{"before":"Ada","after":null},)"
                              R"("phone":{"before":null,"after":"1"}})"));
}

TEST(EventJson, SaysOfAFactTheFieldsItSetsAndClears) {
  const std::string json = json_at(rows_after({ada_created(), ada_gets_a_phone()}), 2);
  EXPECT_THAT(json, HasSubstr(R"("event":{"first_name":null,"phone":"1"}})"));
}

TEST(EventJson, KeepsInternalFieldsToItself) {
  EXPECT_THAT(json_at(rows_after({ada_created()}), 1), Not(HasSubstr("email_key")));
}

TEST(EventJson, KeepsSecretsToItself) {
  const std::string json = json_at(rows_after({key_created()}), 1);
  EXPECT_THAT(json, HasSubstr(R"("name":"ci")"));
  EXPECT_THAT(json, Not(HasSubstr("secret")));
}

TEST(EventJson, OfADeletionSaysWhenItWas) {
  const std::string json = json_at(
      rows_after({ada_created(), {"contact.deleted", domain::kind_of<v1::Contact>().number, id(4), "", {}, id(4)}}), 2);
  EXPECT_THAT(json, HasSubstr(R"("changed":{"deleted_at":{"before":null,"after":"2026-01-01T00:00:00Z"}})"));
  EXPECT_THAT(json, HasSubstr(R"("event":{"hidden":[],"unlinked":[]})"));
}

TEST(Feed, CountsEventsOfOtherTypesAsLookedAt) {
  const auto rows = rows_after({ada_created(), key_created()});
  const FeedPage page = read_feed(rows, kWorkspace, {.types = {"contact.*"}});
  ASSERT_EQ(page.items.size(), 1);
  EXPECT_EQ(page.items[0].position, 1);
  EXPECT_EQ(page.next_position, 2);
  EXPECT_TRUE(page.at_end);
}

TEST(Feed, EndsAPageAtItsLimit) {
  const auto rows = rows_after({ada_created(), ada_gets_a_phone(), key_created()});
  const FeedPage page = read_feed(rows, kWorkspace, {.after = 1, .types = {}, .limit = 1});
  ASSERT_EQ(page.items.size(), 1);
  EXPECT_EQ(page.next_position, 2);
  EXPECT_FALSE(page.at_end);
}

TEST(Feed, LooksAtABoundedNumberOfEventsAPage) {
  const auto rows = rows_after({ada_created(), ada_gets_a_phone(), key_created()});
  const FeedPage page = read_feed(rows, kWorkspace, {.types = {"api_key.created"}, .looked_at = 2});
  EXPECT_TRUE(page.items.empty());
  EXPECT_EQ(page.next_position, 2);
}

TEST(Feed, EndsAPageThatGrowsTooBig) {
  const auto rows = rows_after({ada_created(), ada_gets_a_phone(), key_created()});
  EXPECT_EQ(read_feed(rows, kWorkspace, {.types = {}, .bytes = 1}).next_position, 1);
}

TEST(EventTypes, AcceptNamesAndWholeKinds) {
  EXPECT_EQ(parse_event_types("deal.won,contact.*").value(), (EventTypes{"deal.won", "contact.*"}));
}

TEST(EventTypes, RefuseWhatNoEventIsCalled) {
  EXPECT_FALSE(parse_event_types("deal.wonn"));
  EXPECT_FALSE(parse_event_types("deal.*,nothing.*"));
  EXPECT_FALSE(parse_event_types(""));
}

}  // namespace
}  // namespace daybook::api
