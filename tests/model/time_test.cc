#include "model/time.h"

#include <gtest/gtest.h>

namespace daybook::model {
namespace {

TEST(CivilDate, CountsDaysFrom1970) {
  EXPECT_EQ(days_from_civil({1970, 1, 1}), 0);
  EXPECT_EQ(days_from_civil({2000, 2, 29}), 11016);
  EXPECT_EQ(days_from_civil({1969, 12, 31}), -1);
  EXPECT_EQ(days_from_civil({1, 1, 1}), -719162);
  EXPECT_EQ(days_from_civil({9999, 12, 31}), 2932896);
}
TEST(CivilDate, ComesBackFromItsDays) {
  EXPECT_EQ(civil_from_days(11016), (CivilDate{2000, 2, 29}));
  EXPECT_EQ(civil_from_days(-1), (CivilDate{1969, 12, 31}));
  EXPECT_EQ(civil_from_days(-719162), (CivilDate{1, 1, 1}));
  EXPECT_EQ(civil_from_days(2932896), (CivilDate{9999, 12, 31}));
}

TEST(ParseDate, TakesDaysThatExist) { EXPECT_EQ(parse_date("2024-02-29"), (CivilDate{2024, 2, 29})); }
TEST(ParseDate, RefusesDaysThatDoNot) {
  EXPECT_EQ(parse_date("2026-02-29"), std::nullopt);
  EXPECT_EQ(parse_date("1900-02-29"), std::nullopt);
  EXPECT_EQ(parse_date("2026-13-01"), std::nullopt);
  EXPECT_EQ(parse_date("2026-00-10"), std::nullopt);
  EXPECT_EQ(parse_date("2026-04-31"), std::nullopt);
  EXPECT_EQ(parse_date("0000-01-01"), std::nullopt);
}
TEST(ParseDate, RefusesOtherForms) {
  EXPECT_EQ(parse_date("2026-1-2"), std::nullopt);
  EXPECT_EQ(parse_date("02.01.2026"), std::nullopt);
  EXPECT_EQ(parse_date("2026-01-02T00:00:00Z"), std::nullopt);
  EXPECT_EQ(parse_date(""), std::nullopt);
}
TEST(FormatDate, PadsYears) { EXPECT_EQ(format_date({33, 4, 3}), "0033-04-03"); }

TEST(ParseTime, ReadsUtc) { EXPECT_EQ(parse_time("2026-01-02T03:04:05Z"), 1767323045000000); }
TEST(ParseTime, ReadsFractionsToMicroseconds) {
  EXPECT_EQ(parse_time("1970-01-01T00:00:00.5Z"), 500000);
  EXPECT_EQ(parse_time("1970-01-01T00:00:00.000001Z"), 1);
  EXPECT_EQ(parse_time("1970-01-01T00:00:00.0000001Z"), std::nullopt);
  EXPECT_EQ(parse_time("1970-01-01T00:00:00.Z"), std::nullopt);
}
TEST(ParseTime, TakesOffsetsOff) {
  EXPECT_EQ(parse_time("1970-01-01T02:30:00+02:30"), 0);
  EXPECT_EQ(parse_time("1969-12-31T19:00:00-05:00"), 0);
  EXPECT_EQ(parse_time("1970-01-01T00:00:00-00:00"), 0);
}
TEST(ParseTime, TakesLowerCaseLetters) { EXPECT_EQ(parse_time("1970-01-01t00:00:00z"), 0); }
TEST(ParseTime, RefusesTimesThatDoNotExist) {
  EXPECT_EQ(parse_time("2026-01-02T24:00:00Z"), std::nullopt);
  EXPECT_EQ(parse_time("2026-01-02T00:60:00Z"), std::nullopt);
  EXPECT_EQ(parse_time("2016-12-31T23:59:60Z"), std::nullopt);
  EXPECT_EQ(parse_time("2026-01-02T00:00:00+24:00"), std::nullopt);
}
TEST(ParseTime, RefusesOtherForms) {
  EXPECT_EQ(parse_time("2026-01-02"), std::nullopt);
  EXPECT_EQ(parse_time("2026-01-02 03:04:05Z"), std::nullopt);
  EXPECT_EQ(parse_time("2026-01-02T03:04:05"), std::nullopt);
  EXPECT_EQ(parse_time("2026-01-02T03:04Z"), std::nullopt);
  EXPECT_EQ(parse_time("2026-01-02T03:04:05Zx"), std::nullopt);
  EXPECT_EQ(parse_time("2026-01-02T03:04:05+0200"), std::nullopt);
}
TEST(ParseTime, StaysWithinTheYearsThatCanBeWritten) {
  EXPECT_EQ(parse_time("0001-01-01T00:00:00+00:01"), std::nullopt);
  EXPECT_EQ(parse_time("9999-12-31T23:59:59-00:01"), std::nullopt);
}

TEST(FormatTime, LeavesOutAZeroFraction) { EXPECT_EQ(format_time(1767323045000000), "2026-01-02T03:04:05Z"); }
TEST(FormatTime, WritesMillisecondsWhereTheySayItAll) {
  EXPECT_EQ(format_time(1767323045678000), "2026-01-02T03:04:05.678Z");
}
TEST(FormatTime, WritesMicrosecondsOtherwise) {
  EXPECT_EQ(format_time(1767323045678901), "2026-01-02T03:04:05.678901Z");
}
TEST(FormatTime, GoesBefore1970) { EXPECT_EQ(format_time(-1), "1969-12-31T23:59:59.999999Z"); }

}  // namespace
}  // namespace daybook::model
