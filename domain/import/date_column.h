#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/import/column_verdict.h"

namespace daybook::domain {

/// A day of the proleptic Gregorian calendar; always a real one. Years 1 to 9999.
struct CalendarDate {
  int year = 1;
  int month = 1;
  int day = 1;
  bool operator==(const CalendarDate&) const = default;
};

/// A date with the time of day that stood behind it, if one did.
struct CalendarTime {
  CalendarDate date;
  std::optional<std::int64_t> micros_of_day;  // since local midnight
  std::optional<int> offset_minutes;          // east of UTC; unset when the text names no offset
  bool operator==(const CalendarTime&) const = default;
};

/// kIso also reads year/month/day with another separator: nobody writes year, day, month.
enum class DateOrder : std::uint8_t { kIso, kDayFirst, kMonthFirst };

/// Dates as spreadsheets and other programs write them: three numbers with the same `-`, `/` or `.` between them, the
/// year in four digits (two are refused: nobody knows the century), then perhaps `T` or white space and a time
/// (`14:30`, `2:30:05.25 PM`) with `Z` or an offset. A year in front is read in every order.
/// Nothing when the text is no such date, or no day of the calendar.
std::optional<CalendarTime> parse_date_time(std::string_view text, DateOrder order);
std::optional<CalendarDate> parse_date(std::string_view text, DateOrder order);

/// Finds the one order in which all dates of a column can be read. Feed every non-empty value.
class DateColumn {
 public:
  void feed(std::uint64_t row, std::string_view text);
  ColumnVerdict<DateOrder> verdict() const;

 private:
  TwoReadings readings_;
  bool only_iso_ = true;
};

}  // namespace daybook::domain
