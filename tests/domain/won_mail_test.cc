// Rule 10: a deal that is won by a move mails its owner, once.
#include "daybook/v1/deal.pb.h"
#include "daybook/v1/work.pb.h"
#include "daybook/v1/workspace.pb.h"
#include "domain/deal.h"
#include "domain/email.h"
#include "tests/domain/given.h"

namespace daybook::domain {
namespace {

Event deal(const std::string& owner) {
  return created<v1::Deal>("deal", R"(title: "D" pipeline_id: @pipe stage: "lead" kind: KIND_OPEN )" + owner);
}
Command move(std::string_view stage) {
  return [stage = std::string(stage)](const View& view, const Context& context) {
    v1::MoveDeal command;
    command.set_stage(stage);
    return move_deal(id("deal"), command, std::nullopt, view, context);
  };
}
Event queued() {
  return created<v1::Email>("new1", R"(template: "deal_won" state: STATE_QUEUED
      message_id: "6e657731-2e2e-2e2e-2e2e-2e2e2e2e2e2e@73686f70-2e2e-2e2e-2e2e-2e2e2e2e2e2e.daybook"
      member_id: @boss deal_id: @deal)");
}
Event skipped(const std::string& why) {
  return fact<v1::EmailSkipped>("new1", R"(template: "deal_won" reason: )" + why + " deal_id: @deal");
}

TEST(WonMail, IsQueuedInTheCommitOfTheMove) {
  Scene scene;
  const Events events = scene.given({deal("owner_id: @boss")}).done(move("won"));
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[1].name, "deal.won");
  EXPECT_EQ(events[2], queued());
}

TEST(WonMail, IsNotQueuedAgainByTheSameMove) {
  Scene scene;
  scene.given({deal("owner_id: @boss")}).done(move("won"));
  scene.when(move("won")).then_nothing();
}

TEST(WonMail, IsQueuedAgainWhenItIsWonAgain) {
  Scene scene;
  scene.given({deal("owner_id: @boss")}).done(move("won"));
  scene.done(move("lead"));
  const Events events = scene.done(move("won"));
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[2].name, "email.queued");
}

TEST(WonMail, IsNotSentForALostDeal) {
  Scene scene;
  EXPECT_EQ(scene.given({deal("owner_id: @boss")}).done(move("lost")).size(), 2U);
}

TEST(WonMail, SaysThatThereIsNoOwner) {
  Scene scene;
  EXPECT_EQ(scene.given({deal("")}).done(move("won")).back(), skipped("REASON_NO_OWNER"));
}

TEST(WonMail, SaysThatTheOwnerWasRemoved) {
  Scene scene;
  scene.given({deal("owner_id: @boss"), fact<v1::MemberRemoved>("boss")});
  EXPECT_EQ(scene.done(move("won")).back(), skipped("REASON_OWNER_REMOVED member_id: @boss"));
}

TEST(WonMail, SaysThatTheOwnerHasNoAddress) {
  Scene scene;
  scene.given({created<v1::Member>("bob", R"(name: "Bob" state: STATE_ACTIVE)"), deal("owner_id: @bob")});
  EXPECT_EQ(scene.done(move("won")).back(), skipped("REASON_NO_ADDRESS member_id: @bob"));
}

TEST(WonMail, IsSentForACreatedDealOnlyIfAskedFor) {
  Scene scene;
  const auto create = [](std::string_view text) {
    return [command = message<v1::CreateDeal>(text)](const View& view, const Context& context) {
      return create_deal(command, v1::STAGE_CAUSE_CREATE, view, context);
    };
  };
  EXPECT_EQ(scene.done(create(R"(record { title: "D" owner_id: @boss } stage: "won")")).back().name, "deal.won");
  EXPECT_EQ(scene.done(create(R"(record { title: "D" owner_id: @boss } stage: "won" notify: true)")).back().name,
            "email.queued");
}

TEST(WonMail, IsReportedSentOnce) {
  Scene scene;
  scene.given({queued()})
      .when([](const View& view, const Context&) { return report_sent(id("new1"), view); })
      .then({fact<v1::EmailSent>("new1")})
      .and_again_nothing();
  scene.when([](const View& view, const Context&) { return report_failed(id("new1"), "late", view); }).then_nothing();
}

TEST(WonMail, IsReportedFailedOnce) {
  Scene scene;
  scene.given({queued()})
      .when([](const View& view, const Context&) { return report_failed(id("new1"), "550", view); })
      .then({fact<v1::EmailFailed>("new1", R"(detail: "550")")})
      .and_again_nothing();
}

Command retried() {
  return [](const View& view, const Context& context) { return retry_email(id("new1"), view, context); };
}
Command dropped() {
  return [](const View& view, const Context& context) { return drop_email(id("new1"), view, context); };
}
Event failed() { return fact<v1::EmailFailed>("new1", R"(detail: "550")"); }

TEST(ParkedMail, IsQueuedOnceMore) {
  Scene scene;
  scene.given({queued(), failed()}).when(retried()).then({fact<v1::EmailRetried>("new1", "")}).and_again_nothing();
  const auto email = scene.view().find<v1::Email>(id("new1"));
  EXPECT_EQ(email->state(), v1::Email::STATE_QUEUED);
  EXPECT_FALSE(email->has_reason());
  EXPECT_FALSE(email->has_detail());
}

TEST(ParkedMail, IsGivenUpOnce) {
  Scene scene;
  scene.given({queued(), failed()}).when(dropped()).then({fact<v1::EmailDropped>("new1", "")}).and_again_nothing();
  EXPECT_EQ(scene.view().find<v1::Email>(id("new1"))->reason(), v1::Email::REASON_DROPPED);
}

TEST(ParkedMail, IsNotWhatWasSent) {
  Scene scene;
  scene.given({queued(), fact<v1::EmailSent>("new1", "")});
  scene.when(retried()).then_rejected("email_state");
  scene.when(dropped()).then_rejected("email_state");
}

}  // namespace
}  // namespace daybook::domain
