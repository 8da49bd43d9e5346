#include <gmock/gmock.h>

#include "tests/api/service_scene.h"

namespace daybook::api::test {
namespace {

/// The operator asks for a key of the owner of a workspace that was registered and has not begun.
class OwnerKey : public ServiceScene {
 protected:
  OwnerKey() {
    follow();
    own({0, 1});
    register_workspace(kOnFirst);
  }
  std::string ask_for_key(const std::string& query, const std::string& body) {
    return ask_as_operator("POST /v1/workspaces/" + kOnFirst.value.text() + "/keys" + query, body);
  }
  // Of the workspace, once everything that was asked of it before is done.
  std::uint64_t position() {
    eventstore::Submission nothing;
    nothing.workspace = kOnFirst;
    nothing.decide = [](const domain::View&, const domain::Context&) { return eventstore::Decision{}; };
    done(std::move(nothing));
    return position_of(kOnFirst);
  }
};

TEST_F(OwnerKey, LetsTheWorkspaceBegin) {
  EXPECT_EQ(status_of(ask_for_key("", R"({"name":"Lost"})")), 201);
  EXPECT_GT(position(), 0);
}

TEST_F(OwnerKey, OfADryRunWritesNothing) {
  const std::string answer = ask_for_key("?dry_run=true", R"({"name":"Lost"})");
  EXPECT_EQ(status_of(answer), 503);
  EXPECT_THAT(answer, testing::HasSubstr("only just being made"));
  EXPECT_EQ(position(), 0);
}

TEST_F(OwnerKey, OfAnInvalidBodyWritesNothing) {
  EXPECT_EQ(status_of(ask_for_key("", R"({"nam":"Lost"})")), 422);
  EXPECT_EQ(position(), 0);
}

}  // namespace
}  // namespace daybook::api::test
