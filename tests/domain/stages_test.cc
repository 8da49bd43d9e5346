// Rule 8: the stages of a pipeline, and what keeps them.
#include "domain/stages.h"
#include "daybook/v1/deal.pb.h"
#include "domain/pipeline.h"
#include "tests/domain/given.h"

namespace daybook::domain {
namespace {

Command set_stages(std::string_view text) {
  return [command = message<v1::SetStages>(text)](const View& view, const Context& context) {
    return set_stages(id("pipe"), command, view, context);
  };
}
Command remove_stage(const std::string& key, std::optional<std::string> replacement = {}) {
  return [key, replacement](const View& view, const Context& context) {
    return remove_stage(id("pipe"), key, replacement, view, context);
  };
}
Command remove_pipeline(std::string_view name) {
  return [name = id(name)](const View& view, const Context& context) { return remove_pipeline(name, view, context); };
}
Event deal(std::string_view name, const std::string& stage) {
  return created<v1::Deal>(
      name, "title: \"D\" value: 0 currency: \"EUR\" pipeline_id: @pipe kind: KIND_OPEN stage: \"" + stage + "\"");
}
constexpr std::string_view kTwo = R"(stages { key: "open" label: "Open" kind: KIND_OPEN probability: 20 }
                                     stages { key: "won" label: "Won" kind: KIND_WON })";

// key, or key* where archived.
std::string keys(const Scene& scene) {
  std::string out;
  const auto pipeline = scene.get<v1::Pipeline>("pipe");
  for (const v1::Stage& stage : pipeline.stages()) {
    out += (out.empty() ? "" : " ") + stage.key() + (stage.archived() ? "*" : "");
  }
  return out;
}

TEST(SetStages, PutsTheseInThisOrder) {
  Scene scene;
  scene.done(set_stages(kTwo));
  EXPECT_EQ(keys(scene), "open won");
  EXPECT_EQ(scene.get<v1::Pipeline>("pipe").stages(0).probability(), 20);
}

TEST(SetStages, SaidAgainEmitsNothing) {
  Scene scene;
  scene.when(set_stages(kTwo)).and_again_nothing();
}

TEST(SetStages, KeepsAStageWithDeals) {
  Scene scene;
  scene.given({deal("deal", "lead")}).when(set_stages(kTwo)).then_rejected("stage_in_use");
}

TEST(SetStages, KeepsTheKindOfAStageWithDeals) {
  Scene scene;
  scene.given({deal("deal", "lead")});
  scene.when(set_stages(R"(stages { key: "lead" label: "Lead" kind: KIND_WON })")).then_rejected("stage_in_use");
}

TEST(SetStages, ArchivesTheStageOfADeletedDeal) {
  Scene scene;
  scene.given({deal("deal", "lead")}).done(remove<v1::Deal>("deal"));
  scene.done(set_stages(kTwo));
  EXPECT_EQ(keys(scene), "open won lead*");
}

TEST(SetStages, RejectsAKeyThatStandsTwice) {
  Scene scene;
  scene
      .when(set_stages(
          R"(stages { key: "a" label: "A" kind: KIND_OPEN } stages { key: "a" label: "B" kind: KIND_OPEN })"))
      .then_rejected("validation_failed", "/stages/1/key invalid_value");
}

TEST(RemoveStage, OfAnEmptyStageDropsIt) {
  Scene scene;
  scene.done(remove_stage("proposal"));
  EXPECT_EQ(keys(scene), "lead qualified negotiation won lost");
}

TEST(RemoveStage, WithDealsNeedsAReplacement) {
  Scene scene;
  scene.given({deal("deal", "lead")}).when(remove_stage("lead")).then_rejected("stage_in_use");
}

TEST(RemoveStage, MovesItsDealsToTheReplacement) {
  Scene scene;
  scene.given({deal("deal", "lead"), deal("other", "qualified")}).done(remove_stage("lead", "qualified"));
  EXPECT_EQ(scene.get<v1::Deal>("deal").stage(), "qualified");
  EXPECT_EQ(scene.get<v1::Deal>("deal").probability(), 30);
  EXPECT_EQ(scene.version<v1::Deal>("other"), 1);
  EXPECT_EQ(keys(scene), "qualified proposal negotiation won lost");
}

TEST(RemoveStage, RejectsAReplacementThatIsNone) {
  Scene scene;
  scene.when(remove_stage("lead", "lead")).then_rejected("invalid_parameter", "replacement invalid_parameter");
  scene.when(remove_stage("lead", "sold")).then_rejected("invalid_parameter", "replacement invalid_parameter");
}

TEST(RemoveStage, RejectsAnUnknownStage) {
  Scene scene;
  scene.when(remove_stage("sold")).then_rejected("not_found");
}

TEST(RemovePipeline, KeepsTheLastOne) {
  Scene scene;
  scene.when(remove_pipeline("pipe")).then_rejected("in_use");
}

TEST(RemovePipeline, KeepsOneWithDeals) {
  Scene scene;
  scene.given({created<v1::Pipeline>("second", R"(name: "Renewals")"), deal("deal", "lead")});
  scene.when(remove_pipeline("pipe")).then_rejected("in_use");
  scene.done(remove_pipeline("second"));
  EXPECT_EQ(scene.shown<v1::Pipeline>("second"), "deleted");
}

TEST(CreatePipeline, WithoutStagesHasTheUsualOnes) {
  Scene scene;
  scene.done(create_record<v1::Pipeline>(R"(name: "Renewals")"));
  EXPECT_EQ(scene.get<v1::Pipeline>("new1").stages_size(), default_pipeline().stages_size());
}

}  // namespace
}  // namespace daybook::domain
