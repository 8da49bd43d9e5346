#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "daybook/v1/work.pb.h"
#include "projections/audit_log.h"
#include "projections/history.h"
#include "projections/queries/board.h"
#include "projections/queries/timeline.h"
#include "tests/projections/queries/list_scene.h"

namespace daybook::projections {
namespace {

using test::bytes;
using test::kSecondUs;
using test::kStartUs;
using test::Scene;
using test::some_id;
using testing::ElementsAre;

v1::Contact contact_named(const char* name) {
  v1::Contact contact;
  contact.set_first_name(name);
  return contact;
}

v1::Deal won_deal(std::int64_t value, const char* currency, std::int64_t entered_at) {
  v1::Deal deal;
  deal.set_pipeline_id(bytes(some_id(9)));
  deal.set_stage("won");
  deal.set_value(value);
  deal.set_currency(currency);
  deal.set_stage_entered_at(entered_at);
  return deal;
}

v1::Note note_on(const model::Uuid& contact, const char* body) {
  v1::Note note;
  note.set_contact_id(bytes(contact));
  note.set_body(body);
  return note;
}

std::vector<std::uint64_t> positions(const AuditPage& page) {
  std::vector<std::uint64_t> out;
  for (const AuditEntry& entry : page.entries) out.push_back(entry.position);
  return out;
}

std::vector<std::string> kinds(const TimelinePage& page) {
  std::vector<std::string> out;
  for (const TimelineEntry& entry : page.entries) out.push_back(entry.kind);
  return out;
}

// Ada at position 1, her telephone at 2, Bo at 3, Ada's telephone gone at 4.
struct TwoContacts {
  TwoContacts() {
    v1::Contact phone;
    phone.set_phone("1");
    ada = scene.add(contact_named("Ada"));
    scene.change(ada, phone);
    bo = scene.add(contact_named("Bo"));
    scene.change(ada, v1::Contact(), {v1::Contact::kPhoneFieldNumber});
  }
  Scene scene;
  model::Uuid ada;
  model::Uuid bo;
};

TEST(History, IsWalkedFromTheNewestState) {
  const TwoContacts given;
  HistoryWalk walk(given.scene.rows(), given.ada, 100);
  EXPECT_EQ(walk.next()->position, 4);
  EXPECT_EQ(walk.next()->position, 2);
  EXPECT_EQ(walk.next()->position, 1);
  EXPECT_FALSE(walk.next());
}

TEST(History, ShowsARecordAsItWasInBetween) {
  const TwoContacts given;
  const auto record = record_as_of(given.scene.rows(), given.ada, 3);
  EXPECT_EQ(domain::parse<v1::Contact>(record.value()).phone(), "1");
}

TEST(History, HasNothingBeforeTheRecordExisted) {
  const TwoContacts given;
  EXPECT_FALSE(record_as_of(given.scene.rows(), given.bo, 2));
}

TEST(AuditLog, FindsTheLastPositionAtOrBeforeATime) {
  const TwoContacts given;
  EXPECT_EQ(position_at(given.scene.rows(), kStartUs - 1), 0);
  EXPECT_EQ(position_at(given.scene.rows(), kStartUs), 1);
  EXPECT_EQ(position_at(given.scene.rows(), kStartUs + 2 * kSecondUs - 1), 2);
  EXPECT_EQ(position_at(given.scene.rows(), kStartUs + 100 * kSecondUs), 4);
}

TEST(AuditLog, IsReadByRecord) {
  const TwoContacts given;
  AuditRequest request;
  request.most = 4;
  request.record = given.ada;
  EXPECT_THAT(positions(audit_page(given.scene.rows(), request)), ElementsAre(4, 2, 1));
}

TEST(AuditLog, IsReadByActionWithinPositions) {
  const TwoContacts given;
  AuditRequest request;
  request.least = 2;
  request.most = 4;
  request.action = "contact.created";
  EXPECT_THAT(positions(audit_page(given.scene.rows(), request)), ElementsAre(3));
}

TEST(AuditLog, GoesOnWhereAPageEnded) {
  const TwoContacts given;
  AuditRequest request;
  request.most = 4;
  request.limit = 3;
  const AuditPage first = audit_page(given.scene.rows(), request);
  EXPECT_THAT(positions(first), ElementsAre(4, 3, 2));
  request.most = first.next.value();
  const AuditPage second = audit_page(given.scene.rows(), request);
  EXPECT_THAT(positions(second), ElementsAre(1));
  EXPECT_FALSE(second.next);
}

TEST(AuditLog, LooksAtABoundedNumberOfEventsAPage) {
  const TwoContacts given;
  AuditRequest request;
  request.most = 4;
  request.record = given.ada;
  request.action = "contact.created";
  request.looked_at = 2;
  const AuditPage page = audit_page(given.scene.rows(), request);
  EXPECT_TRUE(page.entries.empty());
  EXPECT_EQ(page.next, 1);
}

TEST(Timeline, IsNewestFirstAndGoesOnWhereAPageEnded) {
  Scene scene;
  const model::Uuid ada = scene.add(contact_named("Ada"));
  scene.add(note_on(ada, "first"));
  v1::Activity call;
  call.set_contact_id(bytes(ada));
  call.set_subject("second");
  scene.add(call);
  const TimelinePage first = timeline(scene.rows(), ada, {}, 1);
  EXPECT_THAT(kinds(first), ElementsAre("activity"));
  const TimelinePage second = timeline(scene.rows(), ada, first.next.value(), 1);
  EXPECT_THAT(kinds(second), ElementsAre("note"));
  EXPECT_FALSE(second.next);
}

TEST(Timeline, HoldsWhatHappenedToAContactThatWasMergedIntoThisOne) {
  Scene scene;
  const model::Uuid ada = scene.add(contact_named("Ada"));
  const model::Uuid twin = scene.add(contact_named("Twin"));
  v1::Deal deal;
  deal.set_contact_id(bytes(twin));
  const model::Uuid deal_id = scene.add(deal);
  const domain::Event won{"deal.won", domain::kind_of<v1::Deal>().number, deal_id, "", {}, deal_id};
  scene.happen(won);
  v1::ContactMerged merged;
  merged.set_duplicate_id(bytes(twin));
  scene.happen({"contact.merged", domain::kind_of<v1::Contact>().number, ada, merged.SerializeAsString(), {}, ada});
  const TimelinePage page = timeline(scene.rows(), ada, {}, 10);
  EXPECT_THAT(kinds(page), ElementsAre("merge", "deal_won"));
  EXPECT_EQ(page.entries[0].position, 5);
  EXPECT_EQ(page.entries[1].position, 4);
}

TEST(Board, AddsUpPerCurrencyBeyond64Bits) {
  Scene scene;
  scene.add(won_deal(9'223'372'036'854'775'807, "EUR", 1));
  scene.add(won_deal(9'223'372'036'854'775'807, "EUR", 2));
  scene.add(won_deal(7, "JPY", 3));
  const BoardStage stage = board_stage(scene.rows(), some_id(9), "won", 0);
  EXPECT_EQ(stage.count, 3);
  ASSERT_EQ(stage.totals.size(), 2);
  EXPECT_EQ(stage.totals[0].value, "184467440737095516.14");
  EXPECT_EQ(stage.totals[1].value, "7");
}

TEST(Board, ShowsTheDealsThatEnteredLast) {
  Scene scene;
  const model::Uuid old = scene.add(won_deal(1, "EUR", 10));
  const model::Uuid newest = scene.add(won_deal(1, "EUR", 30));
  const model::Uuid between = scene.add(won_deal(1, "EUR", 20));
  EXPECT_THAT(board_stage(scene.rows(), some_id(9), "won", 2).cards, ElementsAre(newest, between));
  EXPECT_THAT(board_stage(scene.rows(), some_id(9), "won", 20).cards, ElementsAre(newest, between, old));
}

TEST(Board, WritesCentsWithTheirZeros) {
  Scene scene;
  scene.add(won_deal(5, "EUR", 1));
  EXPECT_EQ(board_stage(scene.rows(), some_id(9), "won", 0).totals[0].value, "0.05");
}

TEST(Board, OfAnEmptyStageHasNoTotals) {
  const BoardStage stage = board_stage(Scene().rows(), some_id(9), "won", 20);
  EXPECT_EQ(stage.count, 0);
  EXPECT_TRUE(stage.totals.empty());
  EXPECT_TRUE(stage.cards.empty());
}

}  // namespace
}  // namespace daybook::projections
