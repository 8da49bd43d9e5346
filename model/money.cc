#include "model/money.h"

#include <algorithm>
#include <array>

namespace daybook::model {
namespace {

struct Currency {
  std::string_view code;
  int digits;
};

// ISO 4217 list one, in order of code, with those lately withdrawn that open deals may still be in (ANG, BGN, HRK, SLL,
// ZWL).
constexpr auto kCurrencies = std::to_array<Currency>({
    {"AED", 2}, {"AFN", 2}, {"ALL", 2}, {"AMD", 2}, {"ANG", 2}, {"AOA", 2}, {"ARS", 2}, {"AUD", 2}, {"AWG", 2},
    {"AZN", 2}, {"BAM", 2}, {"BBD", 2}, {"BDT", 2}, {"BGN", 2}, {"BHD", 3}, {"BIF", 0}, {"BMD", 2}, {"BND", 2},
    {"BOB", 2}, {"BOV", 2}, {"BRL", 2}, {"BSD", 2}, {"BTN", 2}, {"BWP", 2}, {"BYN", 2}, {"BZD", 2}, {"CAD", 2},
    {"CDF", 2}, {"CHE", 2}, {"CHF", 2}, {"CHW", 2}, {"CLF", 4}, {"CLP", 0}, {"CNY", 2}, {"COP", 2}, {"COU", 2},
    {"CRC", 2}, {"CUP", 2}, {"CVE", 2}, {"CZK", 2}, {"DJF", 0}, {"DKK", 2}, {"DOP", 2}, {"DZD", 2}, {"EGP", 2},
    {"ERN", 2}, {"ETB", 2}, {"EUR", 2}, {"FJD", 2}, {"FKP", 2}, {"GBP", 2}, {"GEL", 2}, {"GHS", 2}, {"GIP", 2},
    {"GMD", 2}, {"GNF", 0}, {"GTQ", 2}, {"GYD", 2}, {"HKD", 2}, {"HNL", 2}, {"HRK", 2}, {"HTG", 2}, {"HUF", 2},
    {"IDR", 2}, {"ILS", 2}, {"INR", 2}, {"IQD", 3}, {"IRR", 2}, {"ISK", 0}, {"JMD", 2}, {"JOD", 3}, {"JPY", 0},
    {"KES", 2}, {"KGS", 2}, {"KHR", 2}, {"KMF", 0}, {"KPW", 2}, {"KRW", 0}, {"KWD", 3}, {"KYD", 2}, {"KZT", 2},
    {"LAK", 2}, {"LBP", 2}, {"LKR", 2}, {"LRD", 2}, {"LSL", 2}, {"LYD", 3}, {"MAD", 2}, {"MDL", 2}, {"MGA", 2},
    {"MKD", 2}, {"MMK", 2}, {"MNT", 2}, {"MOP", 2}, {"MRU", 2}, {"MUR", 2}, {"MVR", 2}, {"MWK", 2}, {"MXN", 2},
    {"MXV", 2}, {"MYR", 2}, {"MZN", 2}, {"NAD", 2}, {"NGN", 2}, {"NIO", 2}, {"NOK", 2}, {"NPR", 2}, {"NZD", 2},
    {"OMR", 3}, {"PAB", 2}, {"PEN", 2}, {"PGK", 2}, {"PHP", 2}, {"PKR", 2}, {"PLN", 2}, {"PYG", 0}, {"QAR", 2},
    {"RON", 2}, {"RSD", 2}, {"RUB", 2}, {"RWF", 0}, {"SAR", 2}, {"SBD", 2}, {"SCR", 2}, {"SDG", 2}, {"SEK", 2},
    {"SGD", 2}, {"SHP", 2}, {"SLE", 2}, {"SLL", 2}, {"SOS", 2}, {"SRD", 2}, {"SSP", 2}, {"STN", 2}, {"SVC", 2},
    {"SYP", 2}, {"SZL", 2}, {"THB", 2}, {"TJS", 2}, {"TMT", 2}, {"TND", 3}, {"TOP", 2}, {"TRY", 2}, {"TTD", 2},
    {"TWD", 2}, {"TZS", 2}, {"UAH", 2}, {"UGX", 0}, {"USD", 2}, {"USN", 2}, {"UYI", 0}, {"UYU", 2}, {"UYW", 4},
    {"UZS", 2}, {"VED", 2}, {"VES", 2}, {"VND", 0}, {"VUV", 0}, {"WST", 2}, {"XAF", 0}, {"XCD", 2}, {"XCG", 2},
    {"XOF", 0}, {"XPF", 0}, {"YER", 2}, {"ZAR", 2}, {"ZMW", 2}, {"ZWG", 2}, {"ZWL", 2},
});
static_assert(std::ranges::is_sorted(kCurrencies, {}, &Currency::code));

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Digits up to the limit, appended to `value`; false on anything else.
bool read_digits(std::string_view text, std::int64_t& value) {
  for (const char c : text) {
    if (!is_digit(c)) return false;
    value = value * 10 + (c - '0');
    if (value > kMoneyLimit) return false;
  }
  return true;
}

std::optional<std::int64_t> parse(std::string_view text, int digits, bool padded) {
  const bool negative = text.starts_with('-');
  if (negative || (padded && text.starts_with('+'))) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point == text.npos ? std::string_view() : text.substr(point + 1);
  const auto wanted = static_cast<std::size_t>(digits);
  if (whole.empty() || fraction.size() > wanted || (point != text.npos && fraction.empty())) return std::nullopt;
  if (!padded && (fraction.size() != wanted || (whole.size() > 1 && whole.front() == '0'))) return std::nullopt;
  std::int64_t value = 0;
  if (!read_digits(whole, value) || !read_digits(fraction, value)) return std::nullopt;
  for (std::size_t i = fraction.size(); i < wanted; ++i) {
    value *= 10;
    if (value > kMoneyLimit) return std::nullopt;
  }
  return negative ? -value : value;
}

}  // namespace

std::optional<int> currency_digits(std::string_view code) {
  const auto found = std::ranges::lower_bound(kCurrencies, code, {}, &Currency::code);
  if (found == kCurrencies.end() || found->code != code) return std::nullopt;
  return found->digits;
}

std::optional<std::int64_t> parse_money(std::string_view text, int digits) { return parse(text, digits, false); }

std::optional<std::int64_t> parse_money_padded(std::string_view text, int digits) { return parse(text, digits, true); }

std::string format_money(std::int64_t minor_units, int digits) {
  const bool negative = minor_units < 0;
  // Through unsigned, so that the lowest int64 has a text too.
  std::string text =
      std::to_string(negative ? 0 - static_cast<std::uint64_t>(minor_units) : static_cast<std::uint64_t>(minor_units));
  const auto places = static_cast<std::size_t>(digits);
  if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
  if (places > 0) text.insert(text.size() - places, 1, '.');
  if (negative) text.insert(0, 1, '-');
  return text;
}

}  // namespace daybook::model
