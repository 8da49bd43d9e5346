#include <gmock/gmock.h>

#include "tests/api/service_scene.h"

namespace daybook::api::test {
namespace {

using testing::HasSubstr;

using Readiness = ServiceScene;

TEST_F(Readiness, OfANodeOutlastsThatAPartitionIsBeingTaken) {
  let_another_node_have_the_first("http://b");
  follow();
  own({1});
  log_of_node_.hold(0);
  writers_.assign({0, 1});  // the claim of the first cannot be read
  const std::string answer = ask("GET /readyz");
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_THAT(answer, HasSubstr(R"("log":{"state":"ok")"));
  EXPECT_THAT(answer, HasSubstr(R"("partition":0,"role":"taking_over","owner":"http://b")"));
}

TEST_F(Readiness, OfANodeEndsWhereTheLogIsOutOfReach) {
  follow();
  own({0, 1});
  log_of_node_.set_health(eventstore::Health::kUnreachable);
  const std::string answer = ask("GET /readyz");
  EXPECT_EQ(status_of(answer), 503);
  EXPECT_THAT(answer, HasSubstr(R"("log":{"state":"unreachable")"));
}

TEST_F(Readiness, OfANodeWaitsForAnOwnerOfEachPartition) {
  follow();
  own({1});
  const std::string answer = ask("GET /readyz");
  EXPECT_EQ(status_of(answer), 503);
  EXPECT_THAT(answer, HasSubstr(R"("log":{"state":"no_owner")"));
}

TEST_F(Readiness, OfANodeSaysWhichNodeItIs) {
  service_.instance = *model::Uuid::parse("01234567-89ab-4cde-8f01-23456789abcd");
  service_.digests = {{"mail_from", "0123456789abcdef"}};
  follow();
  own({0, 1});
  EXPECT_THAT(ask("GET /readyz"),
              HasSubstr(R"("node":{"url":"http://node.test:1","instance":"01234567-89ab-4cde-8f01-23456789abcd",)"
                        R"("settings":{"mail_from":"0123456789abcdef"}})"));
}

}  // namespace
}  // namespace daybook::api::test
