#include "domain/import/date_column.h"

#include <array>

#include "domain/import/cell_text.h"

namespace daybook::domain {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

struct Number {
  int value = 0;
  int digits = 0;
};

/// At most `longest` digits from the front; a longer number leaves a digit behind, which nothing takes.
Number take_number(std::string_view& text, int longest) {
  Number number;
  while (number.digits < longest && !text.empty() && is_digit(text.front())) {
    number.value = number.value * 10 + (text.front() - '0');
    ++number.digits;
    text.remove_prefix(1);
  }
  return number;
}

bool is_real_day(const CalendarDate& date) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (date.year < 1 || date.month < 1 || date.month > 12 || date.day < 1) return false;
  const bool leap = (date.year % 4 == 0 && date.year % 100 != 0) || date.year % 400 == 0;
  const int last = kDays[static_cast<std::size_t>(date.month - 1)] + (leap && date.month == 2 ? 1 : 0);
  return date.day <= last;
}

std::optional<CalendarDate> take_date(std::string_view& text, DateOrder order) {
  const Number first = take_number(text, 4);
  if (text.empty() || !std::string_view("-/.").contains(text.front())) return std::nullopt;
  const char separator = text.front();
  text.remove_prefix(1);
  const Number second = take_number(text, 2);
  if (!take(text, separator)) return std::nullopt;
  const Number third = take_number(text, 4);
  if (first.digits == 0 || second.digits == 0 || third.digits == 0) return std::nullopt;

  CalendarDate date;
  if (first.digits == 4 && third.digits <= 2) {
    date = {.year = first.value, .month = second.value, .day = third.value};
  } else if (order == DateOrder::kIso || first.digits > 2 || third.digits != 4) {
    return std::nullopt;
  } else if (order == DateOrder::kDayFirst) {
    date = {.year = third.value, .month = second.value, .day = first.value};
  } else {
    date = {.year = third.value, .month = first.value, .day = second.value};
  }
  return is_real_day(date) ? std::optional(date) : std::nullopt;
}

/// Digits behind the point of a second; those after the sixth are dropped.
std::optional<std::int64_t> take_fraction(std::string_view& text) {
  if (!text.starts_with('.') && !text.starts_with(',')) return 0;
  text.remove_prefix(1);
  Number micros = take_number(text, 6);
  if (micros.digits == 0) return std::nullopt;
  while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
  for (; micros.digits < 6; ++micros.digits) micros.value *= 10;
  return micros.value;
}

/// AM or PM of the twelve-hour clock turned into hours of the day; the hour unchanged where neither stands.
std::optional<int> take_half_day(std::string_view& text, int hour) {
  const std::string half = ascii_lower(trimmed(text).substr(0, 2));
  if (half != "am" && half != "pm") return hour;
  if (hour < 1 || hour > 12) return std::nullopt;
  text = trimmed(text).substr(2);
  return hour % 12 + (half == "pm" ? 12 : 0);
}

std::optional<std::int64_t> take_time(std::string_view& text) {
  const Number hour = take_number(text, 2);
  if (hour.digits == 0 || !take(text, ':')) return std::nullopt;
  const Number minute = take_number(text, 2);
  if (minute.digits != 2) return std::nullopt;
  Number second;
  std::optional<std::int64_t> micros = 0;
  if (take(text, ':')) {
    second = take_number(text, 2);
    if (second.digits != 2) return std::nullopt;
    micros = take_fraction(text);
  }
  const std::optional<int> of_day = take_half_day(text, hour.value);
  if (!micros || !of_day || *of_day > 23 || minute.value > 59 || second.value > 59) return std::nullopt;
  return ((*of_day * std::int64_t{60} + minute.value) * 60 + second.value) * kSecond + *micros;
}

/// `Z`, `UTC`, `+01`, `+0100` or `+01:00`.
std::optional<int> take_offset(std::string_view& text) {
  for (const std::string_view zero : {"Z", "z", "UTC", "GMT"}) {
    if (text.starts_with(zero)) {
      text.remove_prefix(zero.size());
      return 0;
    }
  }
  const bool east = text.starts_with('+');
  if (!east && !text.starts_with('-')) return std::nullopt;
  text.remove_prefix(1);
  const Number hours = take_number(text, 2);
  const bool colon = take(text, ':');
  const Number minutes = take_number(text, 2);
  const bool whole = hours.digits == 2 && (minutes.digits == 2 || (minutes.digits == 0 && !colon));
  if (!whole || hours.value > 14 || minutes.value > 59) return std::nullopt;
  return (hours.value * 60 + minutes.value) * (east ? 1 : -1);
}

}  // namespace

std::optional<CalendarTime> parse_date_time(std::string_view text, DateOrder order) {
  text = trimmed(text);
  const std::optional<CalendarDate> date = take_date(text, order);
  if (!date) return std::nullopt;
  CalendarTime parsed{.date = *date, .micros_of_day = std::nullopt, .offset_minutes = std::nullopt};
  if (text.empty()) return parsed;

  if (!take(text, 'T') && trimmed(text).size() == text.size()) return std::nullopt;
  text = trimmed(text);
  parsed.micros_of_day = take_time(text);
  if (!parsed.micros_of_day) return std::nullopt;
  text = trimmed(text);
  if (text.empty()) return parsed;
  parsed.offset_minutes = take_offset(text);
  return parsed.offset_minutes && text.empty() ? std::optional(parsed) : std::nullopt;
}

std::optional<CalendarDate> parse_date(std::string_view text, DateOrder order) {
  const std::optional<CalendarTime> parsed = parse_date_time(text, order);
  return parsed ? std::optional(parsed->date) : std::nullopt;
}

void DateColumn::feed(std::uint64_t row, std::string_view text) {
  if (parse_date(text, DateOrder::kIso)) {
    readings_.note(row, true, true, true);
    return;
  }
  const std::optional<CalendarDate> day_first = parse_date(text, DateOrder::kDayFirst);
  const std::optional<CalendarDate> month_first = parse_date(text, DateOrder::kMonthFirst);
  readings_.note(row, day_first.has_value(), month_first.has_value(), day_first == month_first);
  if (day_first || month_first) only_iso_ = false;
}

ColumnVerdict<DateOrder> DateColumn::verdict() const {
  // 05/05/2024 is the same day in either order, but not in ISO's.
  const DateOrder plain = only_iso_ ? DateOrder::kIso : DateOrder::kDayFirst;
  return readings_.verdict(DateOrder::kDayFirst, DateOrder::kMonthFirst, plain);
}

}  // namespace daybook::domain
