#include "api/json/suggestion.h"

#include <gtest/gtest.h>

namespace daybook::api {
namespace {

const std::vector<std::string_view> kNames = {"first_name", "last_name", "email", "phone"};

TEST(NearestName, MendsALetter) { EXPECT_EQ(nearest_name("emial", kNames), "email"); }
TEST(NearestName, MendsAnotherWayOfWriting) {
  EXPECT_EQ(nearest_name("firstName", kNames), "first_name");
  EXPECT_EQ(nearest_name("Last-Name", kNames), "last_name");
}
TEST(NearestName, IsNothingForAnotherWord) { EXPECT_EQ(nearest_name("colour", kNames), ""); }
TEST(NearestName, IsNothingForLongNames) { EXPECT_EQ(nearest_name(std::string(100000, 'e'), kNames), ""); }
TEST(NearestName, IsNothingForNothing) { EXPECT_EQ(nearest_name("", kNames), ""); }

}  // namespace
}  // namespace daybook::api
