#include "cli/readiness.h"

#include <gmock/gmock.h>

#include "cli/doctor/server.h"

namespace daybook::cli {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

TEST(DoctorReadiness, IsReadAsTheServerWritesIt) {
  const auto readiness = parse_readiness(
      R"({"status":"unavailable","checks":{"log":{"state":"replaced","end_offset":9},"read_models":{"state":"ok",
      "applied_offset":7},"lag":{"state":"behind","records":2},"disk":{"state":"full"},"workspaces":{"state":"ok",
      "damaged":0}},"partitions":[{"partition":1,"role":"standing_by","owner":null,"applied_offset":7,"end_offset":9}]})");
  ASSERT_TRUE(readiness);
  EXPECT_FALSE(readiness->is_ready);
  EXPECT_THAT(readiness->reasons, ElementsAre("disk full", "log replaced"));
  EXPECT_EQ(readiness->log_end, 9U);
  EXPECT_EQ(readiness->lag, 2U);
  ASSERT_EQ(readiness->partitions.size(), 1U);
  EXPECT_EQ(readiness->partitions[0].lag, 2U);
  EXPECT_EQ(readiness->partitions[0].owner, "");
  EXPECT_FALSE(readiness->node);
  EXPECT_EQ(readiness_text(*readiness), "not ready: disk full, log replaced, 2 records behind");
}

TEST(DoctorReadiness, HasWhatANodeSaysOfItself) {
  const auto readiness = parse_readiness(
      R"({"status":"ok","checks":{"log":{"state":"ok","end_offset":9},"lag":{"state":"ok","records":0}},
      "node":{"url":"http://a","instance":"01","settings":{"mail_from":"0123456789abcdef"}},"partitions":[]})");
  ASSERT_TRUE(readiness && readiness->node);
  EXPECT_EQ(readiness->node->url, "http://a");
  EXPECT_EQ(readiness->node->instance, "01");
  EXPECT_EQ(readiness->node->settings.at("mail_from"), "0123456789abcdef");
}

TEST(DoctorReadiness, OfAnotherProgramIsNone) {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"status":"ok"})", R"({"status":1,"checks":{}})",
                           R"({"status":"ok","checks":{"log":{"end_offset":"x"},"lag":{"records":0}}})"}) {
    EXPECT_FALSE(parse_readiness(body)) << body;
  }
}

TEST(DoctorReadiness, TimesOfHttpAreCompared) {
  const auto other = std::chrono::system_clock::from_time_t(1'785'585'600) + std::chrono::milliseconds(700);
  EXPECT_EQ(seconds_after("Sat, 01 Aug 2026 12:00:00 GMT", other), seconds(0));
  EXPECT_EQ(seconds_after("Sat, 01 Aug 2026 12:01:00 GMT", other), seconds(60));
  EXPECT_EQ(seconds_after("Sat, 01 Aug 2026 11:59:58 GMT", other), seconds(-2));
  EXPECT_EQ(seconds_after("", other), std::nullopt);
  EXPECT_EQ(seconds_after("now", other), std::nullopt);
}

}  // namespace
}  // namespace daybook::cli
