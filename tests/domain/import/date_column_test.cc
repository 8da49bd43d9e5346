#include "domain/import/date_column.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string_view>

namespace daybook::domain {
namespace {

using Day = CalendarDate;

ColumnVerdict<DateOrder> judged(std::initializer_list<std::string_view> values) {
  DateColumn column;
  std::uint64_t row = 2;
  for (const std::string_view value : values) column.feed(row++, value);
  return column.verdict();
}

TEST(ParseDate, ReadsIsoDatesInEveryOrder) {
  EXPECT_EQ(parse_date("2024-03-01", DateOrder::kIso), (Day{2024, 3, 1}));
  EXPECT_EQ(parse_date("2024-03-01", DateOrder::kDayFirst), (Day{2024, 3, 1}));
  EXPECT_EQ(parse_date("2024/3/1", DateOrder::kMonthFirst), (Day{2024, 3, 1}));
}

TEST(ParseDate, ReadsTheGivenOrderWithEachSeparator) {
  EXPECT_EQ(parse_date("1/2/2024", DateOrder::kDayFirst), (Day{2024, 2, 1}));
  EXPECT_EQ(parse_date("01.02.2024", DateOrder::kDayFirst), (Day{2024, 2, 1}));
  EXPECT_EQ(parse_date("01-02-2024", DateOrder::kMonthFirst), (Day{2024, 1, 2}));
}

TEST(ParseDate, RefusesDayOrMonthFirstWhereIsoIsAsked) {
  EXPECT_EQ(parse_date("01/02/2024", DateOrder::kIso), std::nullopt);
}

TEST(ParseDate, RefusesYearsOfTwoDigits) { EXPECT_EQ(parse_date("01/02/24", DateOrder::kDayFirst), std::nullopt); }

TEST(ParseDate, RefusesDaysThatDoNotExist) {
  EXPECT_EQ(parse_date("2024-02-30", DateOrder::kIso), std::nullopt);
  EXPECT_EQ(parse_date("2024-04-31", DateOrder::kIso), std::nullopt);
  EXPECT_EQ(parse_date("2024-13-01", DateOrder::kIso), std::nullopt);
  EXPECT_EQ(parse_date("0000-01-01", DateOrder::kIso), std::nullopt);
  EXPECT_EQ(parse_date("00/01/2024", DateOrder::kDayFirst), std::nullopt);
}

TEST(ParseDate, KnowsGregorianLeapYears) {
  EXPECT_TRUE(parse_date("2024-02-29", DateOrder::kIso));
  EXPECT_TRUE(parse_date("2000-02-29", DateOrder::kIso));
  EXPECT_FALSE(parse_date("1900-02-29", DateOrder::kIso));
  EXPECT_FALSE(parse_date("2023-02-29", DateOrder::kIso));
}

TEST(ParseDate, RefusesMixedSeparatorsAndOtherText) {
  EXPECT_FALSE(parse_date("01/02-2024", DateOrder::kDayFirst));
  EXPECT_FALSE(parse_date("01/02/20245", DateOrder::kDayFirst));
  EXPECT_FALSE(parse_date("2024-01-02x", DateOrder::kIso));
  EXPECT_FALSE(parse_date("2024-01", DateOrder::kIso));
  EXPECT_FALSE(parse_date("45292", DateOrder::kIso));
  EXPECT_FALSE(parse_date("", DateOrder::kIso));
  EXPECT_FALSE(parse_date("n/a", DateOrder::kIso));
}

constexpr std::int64_t at(std::int64_t hour, std::int64_t minute, std::int64_t second) {
  return ((hour * 60 + minute) * 60 + second) * 1'000'000;
}

TEST(ParseDateTime, ReadsTheTimeAndTheOffset) {
  EXPECT_EQ(parse_date_time("2024-03-01T14:30:05.25+01:30", DateOrder::kIso),
            (CalendarTime{{2024, 3, 1}, at(14, 30, 5) + 250'000, 90}));
  EXPECT_EQ(parse_date_time("2024-03-01 14:30:00Z", DateOrder::kIso), (CalendarTime{{2024, 3, 1}, at(14, 30, 0), 0}));
  EXPECT_EQ(parse_date_time("2024-03-01T00:00:00-0500", DateOrder::kIso), (CalendarTime{{2024, 3, 1}, 0, -300}));
  EXPECT_EQ(parse_date_time("31/12/2024 14:30", DateOrder::kDayFirst),
            (CalendarTime{{2024, 12, 31}, at(14, 30, 0), std::nullopt}));
}

TEST(ParseDateTime, ReadsTheTwelveHourClock) {
  EXPECT_EQ(parse_date_time("12/31/2024 2:30 PM", DateOrder::kMonthFirst)->micros_of_day, at(14, 30, 0));
  EXPECT_EQ(parse_date_time("12/31/2024 12:05:00 am", DateOrder::kMonthFirst)->micros_of_day, at(0, 5, 0));
  EXPECT_EQ(parse_date_time("12/31/2024 13:05 PM", DateOrder::kMonthFirst), std::nullopt);
}

TEST(ParseDateTime, RefusesTimesThatDoNotExist) {
  EXPECT_FALSE(parse_date_time("2024-03-01T24:00", DateOrder::kIso));
  EXPECT_FALSE(parse_date_time("2024-03-01T10:60", DateOrder::kIso));
  EXPECT_FALSE(parse_date_time("2024-03-01T10", DateOrder::kIso));
  EXPECT_FALSE(parse_date_time("2024-03-01T10:00+25:00", DateOrder::kIso));
  EXPECT_FALSE(parse_date_time("2024-03-01T10:00 noon", DateOrder::kIso));
  EXPECT_FALSE(parse_date_time("2024-03-01T", DateOrder::kIso));
}

TEST(DateColumn, IsIsoWhenAllValuesAre) {
  EXPECT_EQ(judged({"2024-01-02", "2024-01-02T10:00"}).format, DateOrder::kIso);
}

TEST(DateColumn, IsIsoWithoutValues) { EXPECT_EQ(judged({}).format, DateOrder::kIso); }

TEST(DateColumn, IsDecidedByOneDayAboveTwelve) {
  EXPECT_EQ(judged({"01/02/2024", "13/02/2024", "2024-05-06"}).format, DateOrder::kDayFirst);
  EXPECT_EQ(judged({"01/02/2024", "02/13/2024"}).format, DateOrder::kMonthFirst);
}

TEST(DateColumn, IsUndecidableWhenEveryValueFitsBoth) {
  const auto verdict = judged({"2024-01-01", "01/02/2024", "03/04/2024"});
  EXPECT_EQ(verdict.doubt, ColumnDoubt::kUndecidable);
  EXPECT_EQ(verdict.format, std::nullopt);
  EXPECT_EQ(verdict.row, 3U);
}

TEST(DateColumn, IsDecidedWhenBothOrdersMeanTheSameDays) {
  EXPECT_EQ(judged({"05/05/2024", "2024-01-02"}).format, DateOrder::kDayFirst);
}

TEST(DateColumn, IsContradictoryWhenTwoValuesExcludeEachOther) {
  const auto verdict = judged({"13/02/2024", "02/14/2024"});
  EXPECT_EQ(verdict.doubt, ColumnDoubt::kContradictory);
  EXPECT_EQ(verdict.row, 2U);
  EXPECT_EQ(verdict.other_row, 3U);
}

TEST(DateColumn, LeavesSingleBadValuesToTheirRows) {
  const auto verdict = judged({"13/02/2024", "soon", "31/02/2024"});
  EXPECT_EQ(verdict.format, DateOrder::kDayFirst);
  EXPECT_EQ(verdict.bad_values, 2U);
  EXPECT_EQ(verdict.first_bad_row, 3U);
}

TEST(DateColumn, IsImpossibleWithoutOneDate) {
  const auto verdict = judged({"soon", "01/02/24"});
  EXPECT_EQ(verdict.doubt, ColumnDoubt::kImpossible);
  EXPECT_EQ(verdict.row, 2U);
}

}  // namespace
}  // namespace daybook::domain
