#include "cli/doctor/report.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace daybook::cli {
namespace {

using nlohmann::json;

std::string plain(Status, const std::string& word) { return word; }

const Checks kThree{ok("disk", "9 MiB are free"), warning("mail_from", "is not set", "mail_from = \"a@b.test\""),
                    failure("keys", "keys is open", "chmod 700 keys")};

TEST(DoctorReport, HasALineForEachCheckAndItsRemedyBelow) {
  EXPECT_EQ(as_lines(kThree, plain),
            "ok       disk: 9 MiB are free\n"
            "warning  mail_from: is not set\n"
            "         mail_from = \"a@b.test\"\n"
            "failure  keys: keys is open\n"
            "         chmod 700 keys\n"
            "3 checks: 1 ok, 1 warning, 1 failure\n");
}

TEST(DoctorReport, CountsInThePlural) {
  EXPECT_EQ(as_lines({ok("disk", "is there")}, plain),
            "ok       disk: is there\n1 check: 1 ok, 0 warnings, 0 failures\n");
}

TEST(DoctorReport, PaintsTheWordAndKeepsTheColumns) {
  const auto starred = [](Status, const std::string& word) { return "*" + word + "*"; };
  EXPECT_THAT(as_lines({ok("disk", "is there")}, starred), testing::StartsWith("*ok*       disk: is there\n"));
}

TEST(DoctorReport, KeepsWhatOthersSaidOnOneLine) {
  EXPECT_THAT(as_lines({failure("mail server", "last reply:\x1b[31m 554\r\nno", "see\nit")}, plain),
              testing::StartsWith("failure  mail server: last reply: [31m 554  no\n         see it\n"));
}

TEST(DoctorReport, TheDocumentHasTheSame) {
  EXPECT_EQ(json::parse(as_json(kThree)), json::parse(R"({"checks":[
    {"name":"disk","status":"ok","found":"9 MiB are free","remedy":null},
    {"name":"mail_from","status":"warning","found":"is not set","remedy":"mail_from = \"a@b.test\""},
    {"name":"keys","status":"failure","found":"keys is open","remedy":"chmod 700 keys"}],
    "summary":{"ok":1,"warnings":1,"failures":1}})"));
}

TEST(DoctorReport, TheDocumentIsUtf8WhateverOthersSaid) {
  EXPECT_EQ(json::parse(as_json({ok("mail server", "\xff")}))["checks"][0]["found"], "\xEF\xBF\xBD");
}

TEST(DoctorReport, OnlyAFailureFails) {
  EXPECT_TRUE(has_failure(kThree));
  EXPECT_FALSE(has_failure({kThree[0], kThree[1]}));
  EXPECT_FALSE(has_failure({}));
}

TEST(DoctorReport, ErrorsArePartedFromTheirRemedy) {
  const Check failed = failure_of("log", "a; b is missing; put it back");
  EXPECT_EQ(failed.found, "a; b is missing");
  EXPECT_EQ(failed.remedy, "put it back");
  EXPECT_EQ(failed.status, Status::kFailure);
}

TEST(DoctorReport, ACommandInAnErrorIsTakenWhole) {
  const Check warned = warning_of("topic", "it is not there; run: make it; make it good");
  EXPECT_EQ(warned.found, "it is not there");
  EXPECT_EQ(warned.remedy, "make it; make it good");
  EXPECT_EQ(warned.status, Status::kWarning);
}

TEST(DoctorReport, AnErrorWithoutARemedyIsFoundWhole) {
  EXPECT_EQ(failure_of("log", "it is gone").found, "it is gone");
  EXPECT_EQ(failure_of("log", "it is gone").remedy, "");
}

}  // namespace
}  // namespace daybook::cli
