#include "api/server/gzip.h"

#include <gtest/gtest.h>

#include <random>

namespace daybook::api {
namespace {

bool accepted(std::string value) {
  Request request;
  request.headers.emplace_back("accept-encoding", std::move(value));
  return accepts_gzip(request);
}

TEST(AcceptEncoding, AllowsGzipByNameOrStar) {
  EXPECT_TRUE(accepted("gzip"));
  EXPECT_TRUE(accepted("br;q=1.0, GZIP;q=0.8"));
  EXPECT_TRUE(accepted("*"));
}

TEST(AcceptEncoding, RefusesAtWeightZero) {
  EXPECT_FALSE(accepted("gzip;q=0"));
  EXPECT_FALSE(accepted("gzip; q=0.000, *"));
  EXPECT_FALSE(accepted("br, identity"));
  EXPECT_FALSE(accepts_gzip(Request{}));
}

TEST(Gzip, GivesNothingWhenItWouldNotBeShorter) {
  std::mt19937 random(1);
  std::string noise(2000, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  EXPECT_FALSE(gzip(noise));
}

TEST(Gzip, WritesAGzipMember) {
  const auto packed = gzip(std::string(5000, 'a'));
  ASSERT_TRUE(packed);
  EXPECT_TRUE(packed->starts_with("\x1f\x8b\x08"));
}

}  // namespace
}  // namespace daybook::api
