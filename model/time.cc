#include "model/time.h"

#include <array>

namespace daybook::model {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kDay = 24 * 60 * kMinute;
constexpr std::int64_t kFirstDay = -719'162;  // 0001-01-01
constexpr std::int64_t kLastDay = 2'932'896;  // 9999-12-31

// Takes `count` digits off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool digits(std::size_t count, unsigned& value) {
    if (rest_.size() < count) return false;
    value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char c = rest_[i];
      if (c < '0' || c > '9') return false;
      value = value * 10 + static_cast<unsigned>(c - '0');
    }
    rest_.remove_prefix(count);
    return true;
  }

  bool one_of(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == characters.npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::size_t leading_digits() const {
    const std::size_t end = rest_.find_first_not_of("0123456789");
    return end == rest_.npos ? rest_.size() : end;
  }

  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

bool read_date(Scanner& in, CivilDate& date) {
  unsigned year = 0;
  if (!in.digits(4, year) || !in.one_of("-") || !in.digits(2, date.month) || !in.one_of("-") ||
      !in.digits(2, date.day)) {
    return false;
  }
  date.year = static_cast<int>(year);
  return year >= 1 && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
         date.day <= days_in_month(date.year, date.month);
}

bool read_clock(Scanner& in, std::int64_t& us) {
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  if (!in.digits(2, hour) || !in.one_of(":") || !in.digits(2, minute) || !in.one_of(":") || !in.digits(2, second)) {
    return false;
  }
  if (hour > 23 || minute > 59 || second > 59) return false;
  us = hour * 60 * kMinute + minute * kMinute + second * kSecond;
  if (!in.one_of(".")) return true;
  const std::size_t places = in.leading_digits();
  unsigned fraction = 0;
  if (places < 1 || places > 6 || !in.digits(places, fraction)) return false;
  std::int64_t scaled = fraction;
  for (std::size_t i = places; i < 6; ++i) scaled *= 10;
  us += scaled;
  return true;
}

bool read_offset(Scanner& in, std::int64_t& us) {
  us = 0;
  if (in.one_of("Zz")) return in.at_end();
  const bool west = in.one_of("-");
  if (!west && !in.one_of("+")) return false;
  unsigned hour = 0;
  unsigned minute = 0;
  if (!in.digits(2, hour) || !in.one_of(":") || !in.digits(2, minute) || hour > 23 || minute > 59) return false;
  us = (hour * 60 + minute) * kMinute;
  if (west) us = -us;
  return in.at_end();
}

// Fixed-width digits at a place of a buffer.
void put(char* at, unsigned value, int width) {
  for (int i = width - 1; i >= 0; --i) {
    at[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

void put_date(char* at, const CivilDate& date) {
  put(at, static_cast<unsigned>(date.year), 4);
  at[4] = '-';
  put(at + 5, date.month, 2);
  at[7] = '-';
  put(at + 8, date.day, 2);
}

}  // namespace

bool is_leap_year(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

unsigned days_in_month(int year, unsigned month) {
  constexpr std::array<unsigned, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap_year(year) ? 29 : kDays[month - 1];
}

std::int64_t days_from_civil(const CivilDate& date) {
  const int year = date.month <= 2 ? date.year - 1 : date.year;  // years begin in March, so that the leap day ends one
  const int era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (date.month > 2 ? date.month - 3 : date.month + 9) + 2) / 5 + date.day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return std::int64_t{era} * 146'097 + day_of_era - 719'468;
}

CivilDate civil_from_days(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146'097);
  const unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned month = (5 * day_of_year + 2) / 153;
  CivilDate date;
  date.day = day_of_year - (153 * month + 2) / 5 + 1;
  date.month = month < 10 ? month + 3 : month - 9;
  date.year = static_cast<int>(era * 400 + year_of_era) + (date.month <= 2 ? 1 : 0);
  return date;
}

std::optional<CivilDate> parse_date(std::string_view text) {
  Scanner in(text);
  CivilDate date;
  if (!read_date(in, date) || !in.at_end()) return std::nullopt;
  return date;
}

std::string format_date(const CivilDate& date) {
  std::string out(10, '0');
  put_date(out.data(), date);
  return out;
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  Scanner in(text);
  CivilDate date;
  std::int64_t clock = 0;
  std::int64_t offset = 0;
  if (!read_date(in, date) || !in.one_of("Tt") || !read_clock(in, clock) || !read_offset(in, offset))
    return std::nullopt;
  const std::int64_t time = days_from_civil(date) * kDay + clock - offset;
  if (time < kFirstDay * kDay || time >= (kLastDay + 1) * kDay) return std::nullopt;
  return time;
}

void append_time(std::string& out, std::int64_t time_us) {
  std::int64_t days = time_us / kDay;
  std::int64_t rest = time_us % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  std::array<char, 27> text{};
  put_date(text.data(), civil_from_days(days));
  text[10] = 'T';
  put(&text[11], static_cast<unsigned>(rest / (60 * kMinute)), 2);
  text[13] = ':';
  put(&text[14], static_cast<unsigned>(rest / kMinute % 60), 2);
  text[16] = ':';
  put(&text[17], static_cast<unsigned>(rest / kSecond % 60), 2);
  std::size_t size = 19;
  if (const auto fraction = static_cast<unsigned>(rest % kSecond); fraction != 0) {
    const bool milliseconds = fraction % 1000 == 0;
    text[19] = '.';
    put(&text[20], milliseconds ? fraction / 1000 : fraction, milliseconds ? 3 : 6);
    size = milliseconds ? 23 : 26;
  }
  text[size] = 'Z';
  out.append(text.data(), size + 1);
}

std::string format_time(std::int64_t time_us) {
  std::string out;
  append_time(out, time_us);
  return out;
}

}  // namespace daybook::model
