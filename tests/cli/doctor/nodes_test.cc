#include "cli/doctor/nodes.h"

#include <gmock/gmock.h>

#include "cli/doctor/server.h"

namespace daybook::cli {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kA = "http://a:7400";
constexpr const char* kB = "http://b:7400";

std::vector<std::string> lines_of(const Checks& checks) {
  std::vector<std::string> lines;
  for (const Check& check : checks) {
    lines.push_back(std::string(check.status == Status::kOk        ? "ok "
                                : check.status == Status::kWarning ? "warning "
                                                                   : "failure ") +
                    check.name + ": " + check.found);
  }
  return lines;
}

Answer ready(std::vector<PartitionPlace> places) {
  Answer answer{.kind = Answer::Kind::kDaybook};
  answer.readiness.is_ready = true;
  answer.readiness.status = "ok";
  answer.readiness.partitions = std::move(places);
  return answer;
}

TEST(DoctorNodes, SayTheirRolesAndWhoHasEachPartition) {
  const Answer a = ready({{0, "owner", kA, 0}, {1, "standing_by", kB, 3}});
  const Answer b = ready({{0, "standing_by", kA, 0}, {1, "owner", kB, 0}});
  EXPECT_THAT(lines_of(judge_nodes({{kA, a}, {kB, b}})),
              ElementsAre("ok node http://a:7400: ready, 0 records behind; partition 0 owner, 1 standing by (3 records "
                          "behind)",
                          "ok node http://b:7400: ready, 0 records behind; partition 0 standing by, 1 owner",
                          "ok partition 0: http://a:7400 has it", "ok partition 1: http://b:7400 has it"));
}

TEST(DoctorNodes, OneThatDoesNotAnswerIsNamedAndItsPartitionsToo) {
  const Answer a = ready({{0, "owner", kA, 0}, {1, "standing_by", kB, 0}});
  const Checks checks = judge_nodes({{kA, a}, {kB, {.kind = Answer::Kind::kSilent}}});
  EXPECT_THAT(lines_of(checks),
              ElementsAre(HasSubstr("ok node http://a:7400"), "failure node http://b:7400: it does not answer",
                          "ok partition 0: http://a:7400 has it",
                          "failure partition 1: its owner http://b:7400 does not answer"));
  EXPECT_THAT(checks[1].remedy, HasSubstr("--node-url http://b:7400"));
}

TEST(DoctorNodes, APartitionWithoutAnOwnerIsAFailure) {
  EXPECT_THAT(lines_of(judge_nodes({{kA, ready({{0, "standing_by", "", 0}})}})),
              ElementsAre(testing::_, "failure partition 0: nobody has it"));
}

TEST(DoctorNodes, APartitionWithTwoOwnersIsBeingTakenOver) {
  EXPECT_THAT(lines_of(judge_nodes({{kA, ready({{0, "owner", kA, 0}})}, {kB, ready({{0, "owner", kB, 0}})}})),
              ElementsAre(testing::_, testing::_, "warning partition 0: http://a:7400 and http://b:7400 both have it"));
}

TEST(DoctorNodes, OneFarBehindIsAWarning) {
  Answer a = ready({{0, "owner", kA, 5000}});
  a.readiness.lag = 5000;
  EXPECT_THAT(lines_of(judge_nodes({{kA, a}})).front(), testing::StartsWith("warning node http://a:7400: ready, 5000"));
}

TEST(DoctorNodes, OneThatIsNotReadySaysWhy) {
  Answer a = ready({});
  a.readiness.is_ready = false;
  a.readiness.reasons = {"log unreachable", "disk full"};
  const Checks checks = judge_nodes({{kA, a}});
  EXPECT_THAT(lines_of(checks),
              ElementsAre("failure node http://a:7400: not ready: log unreachable, disk full, 0 records behind"));
  EXPECT_THAT(checks[0].remedy, HasSubstr("brokers"));
}

TEST(DoctorNodes, AClockThatIsOffIsNamed) {
  Answer a = ready({});
  a.ahead = seconds(-42);
  EXPECT_THAT(lines_of(judge_nodes({{kA, a}})),
              ElementsAre(testing::_, "warning clock of http://a:7400: it is 42 seconds behind the one here"));
  a.ahead = seconds(10);
  EXPECT_EQ(judge_nodes({{kA, a}}).size(), 1U);
}

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
  EXPECT_EQ(readiness_text(*readiness), "not ready: disk full, log replaced, 2 records behind");
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
