#include <gtest/gtest.h>

#include "api/credential.h"
#include "tests/api/service_scene.h"

namespace daybook::api::test {
namespace {

/// Another node has the first partition, this one the second. No key of either is known here.
class UploadRule : public ServiceScene {
 protected:
  UploadRule() {
    let_another_node_have_the_first("http://b");
    follow();
    own({1});
  }
  BodyRule rule_for(const std::string& credential) const {
    Request head;
    head.method = "POST";
    head.path = head.target = "/v1/imports";
    head.headers = {{"Authorization", "Bearer " + credential}};
    return api_.body_rule(head);
  }
  static std::string key_in(model::WorkspaceId workspace) {
    return make_api_key(workspace, *model::Uuid::from_bytes("key.............")).text;
  }
};

TEST_F(UploadRule, TakesInWhatTheOwnerOfTheWorkspaceMayTake) {
  EXPECT_EQ(rule_for(key_in(kOnFirst)).kind, BodyRule::Kind::File);
}

TEST_F(UploadRule, RefusesAnUnknownKeyOfAPartitionOfThisNode) {
  const BodyRule rule = rule_for(key_in(kOnSecond));
  EXPECT_EQ(rule.kind, BodyRule::Kind::Refused);
  EXPECT_EQ(rule.refusal.status, 401);
}

TEST_F(UploadRule, RefusesWhatIsNoKey) { EXPECT_EQ(rule_for("dbk_nobody").refusal.status, 401); }

TEST_F(UploadRule, TakesInAFewOfTheseAtOnce) {
  std::vector<BodyRule> rules(4);
  for (BodyRule& rule : rules) rule = rule_for(key_in(kOnFirst));
  EXPECT_EQ(rules.back().kind, BodyRule::Kind::File);
  EXPECT_EQ(rule_for(key_in(kOnFirst)).refusal.status, 503);
  rules.pop_back();
  EXPECT_EQ(rule_for(key_in(kOnFirst)).kind, BodyRule::Kind::File);
}

}  // namespace
}  // namespace daybook::api::test
