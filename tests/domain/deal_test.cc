// Rules 8 and 9: deals and how they move.
#include "domain/deal.h"

#include <set>

#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "daybook/v1/work.pb.h"
#include "tests/domain/given.h"

namespace daybook::domain {
namespace {

using v1::Deal;

Command create_deal(std::string_view text, v1::StageCause cause = v1::STAGE_CAUSE_CREATE) {
  return [command = message<v1::CreateDeal>(text), cause](const View& view, const Context& context) {
    return create_deal(command, cause, view, context);
  };
}
Command move(std::string_view text) {
  return [command = message<v1::MoveDeal>(text)](const View& view, const Context& context) {
    return move_deal(id("deal"), command, std::nullopt, view, context);
  };
}
Command update_deal(std::string_view set, std::vector<std::uint32_t> cleared = {}) {
  return [patch = model::Patch{message<Deal>(set).SerializeAsString(), std::move(cleared)}](
             const View& view, const Context& context) { return update_deal(id("deal"), patch, view, context); };
}
Event deal(const std::string& more = R"(stage: "lead" kind: KIND_OPEN probability: 10)") {
  return created<Deal>("deal",
                       R"(title: "Deal" value: 0 currency: "EUR" pipeline_id: @pipe sort_name: "deal" )" + more);
}
Event won_deal() { return deal(R"(stage: "won" kind: KIND_WON probability: 100 closed_at: 5)"); }
Event skipped() {
  return fact<v1::EmailSkipped>("new1", R"(template: "deal_won" reason: REASON_NO_OWNER deal_id: @deal)");
}

TEST(CreateDeal, FillsWhatIsNotGiven) {
  Scene scene;
  scene.when(create_deal(R"(record { title: "Big Deal" } stage: "Qualified")"))
      .then({created<Deal>("new1", R"(title: "Big Deal" value: 0 currency: "EUR" pipeline_id: @pipe stage: "qualified"
                                      probability: 30 stage_entered_at: 1700000000000000 kind: KIND_OPEN
                                      sort_name: "big deal")")});
}

TEST(CreateDeal, NeedsATitleAndAStage) {
  Scene scene;
  scene.when(create_deal(R"(record { value: 1 } stage: "lead")")).then_rejected("validation_failed", "/title required");
  scene.when(create_deal(R"(record { title: "D" })")).then_rejected("validation_failed", "/stage invalid_value");
  scene.when(create_deal(R"(record { title: "D" } stage: "sold")"))
      .then_rejected("validation_failed", "/stage invalid_value");
}

TEST(CreateDeal, RejectsANegativeValue) {
  Scene scene;
  scene.when(create_deal(R"(record { title: "D" value: -1 } stage: "lead")"))
      .then_rejected("validation_failed", "/value invalid_value");
}

TEST(CreateDeal, RejectsAnUnknownPipelineOrContact) {
  Scene scene;
  scene.when(create_deal(R"(record { title: "D" } stage: "lead" pipeline: "other")"))
      .then_rejected("validation_failed", "/pipeline not_found");
  scene.when(create_deal(R"(record { title: "D" contact_id: @nobody } stage: "lead")"))
      .then_rejected("validation_failed", "/contact_id not_found");
}

TEST(CreateDeal, InAWonStageIsWonByCreation) {
  Scene scene;
  scene.when(create_deal(R"(record { title: "D" } stage: "won")"))
      .then(
          {created<Deal>("new1", R"(title: "D" value: 0 currency: "EUR" pipeline_id: @pipe stage: "won" probability: 100
                                      closed_at: 1700000000000000 stage_entered_at: 1700000000000000 kind: KIND_WON
                                      sort_name: "d")"),
           fact<v1::DealWon>("new1", R"(cause: STAGE_CAUSE_CREATE stage: "won")")});
}

TEST(CreateDeal, ImportedAsLostKeepsItsDate) {
  Scene scene;
  const Events events = scene.done(
      create_deal(R"(record { title: "D" probability: 5 } stage: "lost" closed_at: 77)", v1::STAGE_CAUSE_IMPORT));
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1], fact<v1::DealLost>("new1", R"(cause: STAGE_CAUSE_IMPORT stage: "lost")"));
  EXPECT_EQ(scene.get<Deal>("new1").closed_at(), 77);
  EXPECT_EQ(scene.get<Deal>("new1").probability(), 5);
}

TEST(MoveDeal, ToAnOpenStageTakesItsProbability) {
  Scene scene;
  scene.given({deal()})
      .when(move(R"(stage: "Proposal")"))
      .then({fact<v1::DealStageChanged>("deal",
                                        R"(stage: "proposal" kind: KIND_OPEN previous_stage: "lead" probability: 50)")})
      .and_again_nothing();
  EXPECT_EQ(scene.get<Deal>("deal").stage_entered_at(), kNow);
}

TEST(MoveDeal, ToWonClosesItAndSaysSo) {
  Scene scene;
  scene.given({deal()})
      .when(move(R"(stage: "won")"))
      .then({fact<v1::DealStageChanged>("deal", R"(stage: "won" kind: KIND_WON previous_stage: "lead" probability: 100
                                                   closed_at: 1700000000000000)"),
             fact<v1::DealWon>("deal", R"(cause: STAGE_CAUSE_MOVE stage: "won")"), skipped()})
      .and_again_nothing();
}

TEST(MoveDeal, ToLostTakesTheReason) {
  Scene scene;
  scene.given({deal()})
      .when(move(R"(stage: "lost" lost_reason: "price")"))
      .then({fact<v1::DealStageChanged>("deal", R"(stage: "lost" kind: KIND_LOST previous_stage: "lead" probability: 0
                                                   closed_at: 1700000000000000 lost_reason: "price")"),
             fact<v1::DealLost>("deal", R"(cause: STAGE_CAUSE_MOVE stage: "lost")")})
      .and_again_nothing();
}

TEST(MoveDeal, FromWonToOpenReopensIt) {
  Scene scene;
  scene.given({won_deal()})
      .when(move(R"(stage: "lead" probability: 42)"))
      .then(
          {fact<v1::DealStageChanged>("deal", R"(stage: "lead" kind: KIND_OPEN previous_stage: "won" probability: 42)"),
           fact<v1::DealReopened>("deal", R"(stage: "lead")")})
      .and_again_nothing();
  EXPECT_FALSE(scene.get<Deal>("deal").has_closed_at());
}

TEST(MoveDeal, FromWonToAnotherWonStageIsNeitherWonNorReopened) {
  Scene scene;
  scene
      .given({updated<v1::Pipeline>("pipe", R"(stages { key: "won" label: "Won" kind: KIND_WON }
                                                stages { key: "paid" label: "Paid" kind: KIND_WON })"),
              won_deal()})
      .when(move(R"(stage: "paid")"))
      .then({fact<v1::DealStageChanged>(
          "deal", R"(stage: "paid" kind: KIND_WON previous_stage: "won" probability: 100 closed_at: 5)")})
      .and_again_nothing();
}

TEST(MoveDeal, ToTheSameStageEmitsNothing) {
  Scene scene;
  scene.given({deal()}).when(move(R"(stage: "lead")")).then_nothing();
}

TEST(MoveDeal, RejectsAnArchivedStage) {
  Scene scene;
  scene
      .given({updated<v1::Pipeline>("pipe", R"(stages { key: "old" label: "Old" kind: KIND_OPEN archived: true })"),
              deal()})
      .when(move(R"(stage: "old")"))
      .then_rejected("validation_failed", "/stage invalid_value");
}

TEST(MoveDeal, RejectsADeletedDeal) {
  Scene scene;
  scene.given({deal(), deleted<Deal>("deal")}).when(move(R"(stage: "won")")).then_rejected("deleted");
}

TEST(MoveDeals, ChangesAllOrNothing) {
  Scene scene;
  scene.given({deal()});
  const auto command = message<v1::MoveDeal>(R"(stage: "proposal")");
  scene
      .when([&](const View& view, const Context& context) -> Result<Events> {
        auto moved = move_deals({id("deal").text(), id("none").text()}, command, id("bulk"), view, context);
        if (!moved) return std::unexpected(moved.error());
        return moved->events;
      })
      .then_rejected("validation_failed", "/ids/1 not_found");
  scene
      .when([&](const View& view, const Context& context) -> Result<Events> {
        return move_deals({id("deal").text(), id("deal").text()}, command, id("bulk"), view, context)->events;
      })
      .then({fact<v1::DealStageChanged>("deal", R"(stage: "proposal" kind: KIND_OPEN previous_stage: "lead"
                                                   probability: 50 bulk_id: @bulk)")})
      .and_again_nothing();
}

TEST(MoveDeal, OutOfALostStageDropsTheReason) {
  Scene scene;
  scene.given({deal()}).done(move(R"(stage: "lost" lost_reason: "price")"));
  scene.done(move(R"(stage: "won")"));
  EXPECT_FALSE(scene.get<Deal>("deal").has_lost_reason());
  scene.when(move(R"(stage: "won" lost_reason: "price")"))
      .then_rejected("validation_failed", "/lost_reason invalid_value");
  scene.when(update_deal(R"(lost_reason: "price")")).then_rejected("validation_failed", "/lost_reason invalid_value");
}

TEST(UpdateDeal, TakesAnotherCurrencyOnlyWithTheAmountInIt) {
  Scene scene;
  scene.given({created<Deal>("deal", R"(title: "Fleet" value: 1250000 currency: "EUR" stage: "lead"
                                             sort_name: "fleet")")});
  scene.when(update_deal(R"(currency: "JPY")")).then_rejected("validation_failed", "/value required");
  scene.when(update_deal(R"(currency: "EUR")")).then_nothing();
  scene.when(update_deal("value: 5", {Deal::kCurrencyFieldNumber}))
      .then_rejected("validation_failed", "/currency required");
  scene.done(update_deal(R"(currency: "JPY" value: 12500)"));
}

TEST(CreateDeal, NamesAllThatIsWrongAtOnce) {
  Scene scene;
  const auto refused = scene.when([](const View& view, const Context& context) {
    const auto command =
        message<v1::CreateDeal>(R"(record { pipeline_id: @none owner_id: @none contact_id: @none } stage: "lead")");
    return create_deal(command, v1::STAGE_CAUSE_CREATE, view, context);
  });
  std::set<std::string> pointers;
  for (const FieldError& error : refused.result().error().errors) pointers.insert(error.pointer);
  EXPECT_EQ(pointers, (std::set<std::string>{"/pipeline_id", "/owner_id", "/contact_id", "/title"}));
}

TEST(UpdateDeal, LinksAndUnlinksItsContact) {
  Scene scene;
  scene.given({deal(), created<v1::Contact>("ada", "")});
  scene.when(update_deal(R"(contact_id: @ada title: "New")"))
      .then({fact<v1::DealContactLinked>("deal", "contact_id: @ada"),
             updated<Deal>("deal", R"(title: "New" sort_name: "new")")})
      .and_again_nothing();
  scene.when(update_deal("", {Deal::kContactIdFieldNumber}))
      .then({fact<v1::DealContactUnlinked>("deal", "previous_contact_id: @ada")})
      .and_again_nothing();
}

TEST(UpdateDeal, RejectsADeletedContactAndANegativeValue) {
  Scene scene;
  scene.given({deal(), created<v1::Contact>("ada", ""), deleted<v1::Contact>("ada")});
  scene.when(update_deal("contact_id: @ada")).then_rejected("validation_failed", "/contact_id not_found");
  scene.when(update_deal("value: -5")).then_rejected("validation_failed", "/value invalid_value");
}

TEST(UpdateDeal, AssignsWithAnEventOfItsOwn) {
  Scene scene;
  scene.given({deal()})
      .when(update_deal("owner_id: @boss"))
      .then({fact<v1::DealAssigned>("deal", "owner_id: @boss")})
      .and_again_nothing();
}

}  // namespace
}  // namespace daybook::domain
