#include "cli/doctor/node_verdicts.h"

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

// Where both are members of the group.
Checks judge(const Answers& answers) { return judge_nodes(answers, {.members = {kA, kB}, .last_owners = {}}); }

TEST(DoctorNodes, SayTheirRolesAndWhoHasEachPartition) {
  const Answer a = ready({{0, "owner", kA, 0}, {1, "standing_by", kB, 3}});
  const Answer b = ready({{0, "standing_by", kA, 0}, {1, "owner", kB, 0}});
  EXPECT_THAT(lines_of(judge({{kA, a}, {kB, b}})),
              ElementsAre("ok node http://a:7400: ready, 0 records behind; partition 0 owner, 1 standing by (3 records "
                          "behind)",
                          "ok node http://b:7400: ready, 0 records behind; partition 0 standing by, 1 owner",
                          "ok partition 0: http://a:7400 has it", "ok partition 1: http://b:7400 has it"));
}

TEST(DoctorNodes, OneThatDoesNotAnswerIsNamedAndItsPartitionsToo) {
  const Answer a = ready({{0, "owner", kA, 0}, {1, "standing_by", kB, 0}});
  const Checks checks = judge({{kA, a}, {kB, {.kind = Answer::Kind::kSilent}}});
  EXPECT_THAT(lines_of(checks),
              ElementsAre(HasSubstr("ok node http://a:7400"), "failure node http://b:7400: it does not answer",
                          "ok partition 0: http://a:7400 has it",
                          "failure partition 1: its owner http://b:7400 does not answer"));
  EXPECT_THAT(checks[1].remedy, HasSubstr("--node-url http://b:7400"));
}

TEST(DoctorNodes, APartitionWithoutAnOwnerIsAFailure) {
  EXPECT_THAT(lines_of(judge({{kA, ready({{0, "standing_by", "", 0}})}})),
              ElementsAre(testing::_, "failure partition 0: nobody has it"));
}

TEST(DoctorNodes, APartitionWithTwoOwnersIsBeingTakenOver) {
  EXPECT_THAT(lines_of(judge({{kA, ready({{0, "owner", kA, 0}})}, {kB, ready({{0, "owner", kB, 0}})}})),
              ElementsAre(testing::_, testing::_, "warning partition 0: http://a:7400 and http://b:7400 both have it"));
}

TEST(DoctorNodes, OneFarBehindIsAWarning) {
  Answer a = ready({{0, "owner", kA, 5000}});
  a.readiness.lag = 5000;
  EXPECT_THAT(lines_of(judge({{kA, a}})).front(), testing::StartsWith("warning node http://a:7400: ready, 5000"));
}

TEST(DoctorNodes, OneThatIsNotReadySaysWhy) {
  Answer a = ready({});
  a.readiness.is_ready = false;
  a.readiness.reasons = {"log unreachable", "disk full"};
  const Checks checks = judge({{kA, a}});
  EXPECT_THAT(lines_of(checks),
              ElementsAre("failure node http://a:7400: not ready: log unreachable, disk full, 0 records behind"));
  EXPECT_THAT(checks[0].remedy, HasSubstr("brokers"));
}

TEST(DoctorNodes, AClockThatIsOffIsNamed) {
  Answer a = ready({});
  a.ahead = seconds(-42);
  EXPECT_THAT(lines_of(judge({{kA, a}})),
              ElementsAre(testing::_, "warning clock of http://a:7400: it is 42 seconds behind the one here"));
  a.ahead = seconds(10);
  EXPECT_EQ(judge({{kA, a}}).size(), 1U);
}

TEST(DoctorNodes, AnOwnerThatIsNotInTheGroupIsNamed) {
  const Answers answers{{kA, ready({{0, "standing_by", kB, 0}})}, {kB, {.kind = Answer::Kind::kNobody}}};
  EXPECT_EQ(judge_nodes(answers, {.members = {kA}, .last_owners = {}}).back().found,
            "owned last by http://b:7400, which is not in the group: it ended, or lost its brokers");
}

TEST(DoctorNodes, WhoHadAPartitionThatNobodyIsSaidToHaveIsReadFromTheLog) {
  const Answers answers{{kA, ready({{0, "standing_by", "", 0}})}};
  const auto found = [&](const eventstore::LastOwner& owner) {
    return judge_nodes(answers, {.members = {kA}, .last_owners = {{0, owner}}}).back().found;
  };
  EXPECT_EQ(found({kB, ""}), "owned last by http://b:7400, which is not in the group: it ended, or lost its brokers");
  EXPECT_EQ(found({"", kB}), "owned last by http://b:7400, which has another master key than the one here");
  EXPECT_EQ(found({"", ""}), "owned last by a server without --node-url");
}

TEST(DoctorNodes, LastOwnersAreListedByTheirUrl) {
  EXPECT_EQ(owners_text({{0, {kA, ""}}, {1, {"", ""}}, {2, {kA, ""}}, {3, {"", kB}}}),
            "a server without --node-url (1); http://a:7400 (0, 2); http://b:7400 with another master key (3)");
}

// --- the URL of a node

Answer told(const std::string& url, const std::string& instance, std::map<std::string, std::string> settings = {}) {
  Answer answer = ready({});
  answer.readiness.node = NodeSelf{url, instance, std::move(settings)};
  return answer;
}

const OwnNode kRunning{kA, true, "http://127.0.0.1:7400"};
const OwnNode kStopped{kA, false, ""};

TEST(DoctorNodeUrl, ThatLeadsToItsNodeIsRight) {
  EXPECT_FALSE(judge_own_url(kRunning, told(kA, "one"), told(kA, "one")));
  EXPECT_FALSE(judge_own_url(kStopped, {}, {}));
}

TEST(DoctorNodeUrl, ThatLeadsToAnotherNodeIsAFailure) {
  const auto check = judge_own_url(kRunning, told(kA, "one"), told(kB, "two"));
  EXPECT_EQ(lines_of({*check}).front(),
            "failure node_url: another node answers at http://a:7400, and its own is http://b:7400");
  EXPECT_THAT(check->remedy, HasSubstr("--node-url of its own"));
  EXPECT_EQ(judge_own_url(kRunning, told(kA, "one"), told(kA, "two"))->found, "another node answers at http://a:7400");
  EXPECT_EQ(judge_own_url(kRunning, told(kA, "one"), ready({}))->found, "another node answers at http://a:7400");
}

TEST(DoctorNodeUrl, ThatLeadsNowhereIsAFailure) {
  EXPECT_EQ(lines_of({*judge_own_url(kRunning, told(kA, "one"), {})}).front(),
            "failure node_url: this node runs at http://127.0.0.1:7400, and is not reached at http://a:7400");
}

TEST(DoctorNodeUrl, OfAStoppedNodeIsFree) {
  EXPECT_EQ(lines_of({*judge_own_url(kStopped, {}, told(kA, "one"))}).front(),
            "warning node_url: this node does not run, and another one answers at http://a:7400: a start is refused");
}

TEST(DoctorNodeUrl, IsTheOneThatTheNodeWasStartedWith) {
  EXPECT_EQ(lines_of({*judge_own_url(kRunning, told(kB, "one"), {})}).front(),
            "warning node_url: this node runs with http://b:7400, and these settings say http://a:7400");
}

// --- settings

TEST(DoctorNodeSettings, ThatDifferFromThoseOfMostNodesAreNamed) {
  const std::map<std::string, std::string> usual{{"mail_from", "01"}, {"operator.key", "02"}, {"smtp_url", "03"}};
  const std::map<std::string, std::string> other{{"mail_from", "11"}, {"operator.key", "02"}, {"smtp_url", "13"}};
  const Answers answers{
      {kA, told(kA, "one", other)}, {kB, told(kB, "two", usual)}, {"http://c", told("http://c", "three", usual)}};
  const Checks checks = judge_settings(answers);
  EXPECT_THAT(lines_of(checks), ElementsAre("warning settings of http://a:7400: it has others than http://b:7400: "
                                            "mail_from, smtp_url"));
}

TEST(DoctorNodeSettings, OfOtherVersionsAreComparedWhereBothHaveThem) {
  const Answers answers{{kA, told(kA, "one", {{"mail_from", "01"}})},
                        {kB, told(kB, "two", {{"mail_from", "01"}, {"new", "02"}})},
                        {"http://c", ready({})}};
  EXPECT_TRUE(judge_settings(answers).empty());
}

}  // namespace
}  // namespace daybook::cli
