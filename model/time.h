#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace daybook::model {

/// Instants are int64 microseconds since 1970-01-01T00:00:00Z; dates are days since 1970-01-01, both proleptic
/// Gregorian and within the years 0001 to 9999. Leap seconds do not exist, as in POSIX.

struct CivilDate {
  int year = 1970;
  unsigned month = 1;  // 1-12
  unsigned day = 1;    // 1-31
  auto operator<=>(const CivilDate&) const = default;
};

bool is_leap_year(int year);
/// 28 to 31.
unsigned days_in_month(int year, unsigned month);
/// Days since 1970-01-01 of a valid date (Hinnant, chrono-compatible low-level date algorithms), and back.
std::int64_t days_from_civil(const CivilDate& date);
CivilDate civil_from_days(std::int64_t days);

/// `2026-01-02`: exactly ten characters and a day that exists.
std::optional<CivilDate> parse_date(std::string_view text);
std::string format_date(const CivilDate& date);

/// RFC 3339 with `Z` or an offset and at most six digits of a second's fraction. Nothing for any other form, for a day
/// or time that does not exist, and outside the years 0001 to 9999 in UTC.
std::optional<std::int64_t> parse_time(std::string_view text);
/// RFC 3339 in UTC. One text per instant: no fraction when it is zero, three digits when they say it all, else six.
std::string format_time(std::int64_t time_us);
void append_time(std::string& out, std::int64_t time_us);

}  // namespace daybook::model
