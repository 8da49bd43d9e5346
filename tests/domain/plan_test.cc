// Rule 14: what a workspace may use, and how much of it.
#include "domain/plan.h"
#include "daybook/v1/contact.pb.h"
#include "domain/contact.h"
#include "domain/workspace.h"
#include "tests/domain/given.h"

namespace daybook::domain {
namespace {

Command set_plan(std::string_view set, std::vector<std::uint32_t> cleared = {}) {
  return [patch = model::Patch{message<v1::SetPlan>(set).SerializeAsString(), std::move(cleared)}](
             const View& view, const Context& context) { return set_plan(patch, view, context); };
}

std::vector<std::string> entitlements(const Scene& scene) {
  const auto workspace = workspace_of(scene.view());
  return {workspace.entitlements().begin(), workspace.entitlements().end()};
}

Scene limited_to(std::int64_t contacts) {
  Scene scene;
  scene.done(set_plan("limits { crm_contacts: " + std::to_string(contacts) + " }"));
  return scene;
}

TEST(SetPlan, BringsTheEntitlementsOfThePlan) {
  Scene scene;
  scene.done(set_plan("plan: PLAN_FREE"));
  EXPECT_EQ(entitlements(scene), (std::vector<std::string>{"crm"}));
  scene.done(set_plan("plan: PLAN_PRO"));
  EXPECT_EQ(entitlements(scene), (std::vector<std::string>{"crm", "crm:import", "crm:export", "crm:cleanup"}));
}

TEST(SetPlan, KeepsWhatItIsNotTold) {
  Scene scene = limited_to(3);
  scene.done(set_plan(R"(entitlements: "crm" entitlements: "crm:import")"));
  EXPECT_EQ(workspace_of(scene.view()).limits().crm_contacts(), 3);
  EXPECT_EQ(entitlements(scene), (std::vector<std::string>{"crm", "crm:import"}));
}

TEST(SetPlan, TakesALimitAway) {
  Scene scene = limited_to(3);
  scene.done(set_plan("", {v1::Workspace::kLimitsFieldNumber}));
  EXPECT_FALSE(workspace_of(scene.view()).has_limits());
}

TEST(SetPlan, SaidAgainEmitsNothing) {
  Scene scene;
  scene.when(set_plan(R"(plan: PLAN_FREE limits { crm_contacts: 1 })")).and_again_nothing();
}

TEST(SetPlan, RejectsAnEntitlementThatThereIsNot) {
  Scene scene;
  scene.when(set_plan(R"(entitlements: "crm" entitlements: "crm:everything")"))
      .then_rejected("validation_failed", "/entitlements/1 invalid_value");
}

TEST(SetPlan, RejectsNoPlanAtAll) {
  Scene scene;
  scene.when(set_plan("", {v1::Workspace::kPlanFieldNumber})).then_rejected("validation_failed", "/plan required");
}

TEST(ContactLimit, AllowsExactlySoManyLiveContacts) {
  Scene scene = limited_to(2);
  scene.done(create_contact(R"(record { email: "a@x.test" })"));
  scene.done(create_contact(R"(record { email: "b@x.test" })"));
  const Outcome third = scene.when(create_contact(R"(record { email: "c@x.test" })"));
  ASSERT_FALSE(third.result());
  EXPECT_EQ(third.result().error().code, "limit_reached");
  EXPECT_EQ(third.result().error().limit, (Rejection::Limit{2, 2}));
}

TEST(ContactLimit, CountsNoDeletedContact) {
  Scene scene = limited_to(1);
  scene.given({created<v1::Contact>("ada", R"(email: "a@x.test")")});
  scene.done(remove<v1::Contact>("ada"));
  scene.done(create_contact(R"(record { email: "b@x.test" })"));
  EXPECT_EQ(scene.view().live_count(kind_of<v1::Contact>()), 1);
}

TEST(ContactLimit, IsForCreatesOnly) {
  Scene scene = limited_to(1);
  scene.given({created<v1::Contact>("ada", R"(email: "a@x.test")")});
  scene.done(remove<v1::Contact>("ada"));
  scene.done(create_contact(R"(record { email: "b@x.test" })"));
  scene.done(restore<v1::Contact>("ada"));
  EXPECT_EQ(scene.view().live_count(kind_of<v1::Contact>()), 2);
  scene.done(update_contact("ada", R"(phone: "1")"));
}

}  // namespace
}  // namespace daybook::domain
