#include "api/accept.h"

#include <gtest/gtest.h>

namespace daybook::api {
namespace {

constexpr std::string_view kJson = "application/json";

TEST(Accept, AbsentTakesEverything) { EXPECT_TRUE(accepts("", kJson)); }

TEST(Accept, TakesTheTypeItsFamilyAndAnything) {
  EXPECT_TRUE(accepts("application/json", kJson));
  EXPECT_TRUE(accepts("text/html, Application/JSON;charset=utf-8", kJson));
  EXPECT_TRUE(accepts("application/*", kJson));
  EXPECT_TRUE(accepts("text/html,application/xhtml+xml,*/*;q=0.8", kJson));
}

TEST(Accept, RefusesOtherTypes) {
  EXPECT_FALSE(accepts("text/html", kJson));
  EXPECT_FALSE(accepts("application/xml, text/*", kJson));
  EXPECT_FALSE(accepts("application/jsonx", kJson));
}

TEST(Accept, IsDecidedByTheClosestRange) {
  EXPECT_FALSE(accepts("*/*, application/json;q=0", kJson));
  EXPECT_TRUE(accepts("application/json; q=0.1, */*;q=0", kJson));
  EXPECT_FALSE(accepts("application/*;q=0.0, */*", kJson));
}

TEST(Accept, IsContentWithOneOfSeveralTypes) {
  EXPECT_TRUE(accepts("text/event-stream", "application/json,text/event-stream"));
  EXPECT_FALSE(accepts("text/csv", "application/json,text/event-stream"));
}

TEST(Accept, ThatCannotBeReadTakesEverything) { EXPECT_TRUE(accepts("json please", kJson)); }

}  // namespace
}  // namespace daybook::api
