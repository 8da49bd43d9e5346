#include "domain/import/number_column.h"

#include <algorithm>
#include <array>
#include <utility>

#include "domain/import/cell_text.h"

namespace daybook::domain {
namespace {

constexpr std::size_t kMaxDigits = 40;
// U+2009, U+202F and U+2019 beside the ASCII ones and U+00A0.
constexpr std::array<std::string_view, 6> kGroupMarks = {" ", "\xC2\xA0",    "\xE2\x80\xAF", "\xE2\x80\x89",
                                                         "'", "\xE2\x80\x99"};
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kSigns = {
    {{"\xE2\x82\xAC", "EUR"}, {"\xC2\xA3", "GBP"}, {"$", "$"}, {"\xC2\xA5", "\xC2\xA5"}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/// Three letters that are an ISO 4217 code, or nothing.
std::string code_of(std::string_view letters) {
  if (letters.size() != 3 || !std::ranges::all_of(letters, is_letter)) return {};
  std::string code(letters);
  std::ranges::transform(code, code.begin(), [](char c) { return static_cast<char>(c & ~0x20); });
  return code;
}

std::string take_currency_in_front(std::string_view& text) {
  for (const auto& [sign, currency] : kSigns) {
    if (!text.starts_with(sign)) continue;
    text.remove_prefix(sign.size());
    return std::string(currency);
  }
  std::string code = code_of(text.substr(0, 3));
  if (!code.empty()) text.remove_prefix(3);
  return code;
}

std::string take_currency_behind(std::string_view& text) {
  for (const auto& [sign, currency] : kSigns) {
    if (!text.ends_with(sign)) continue;
    text.remove_suffix(sign.size());
    return std::string(currency);
  }
  std::string code = text.size() > 3 ? code_of(text.substr(text.size() - 3)) : std::string();
  if (!code.empty()) text.remove_suffix(3);
  return code;
}

/// `$1,234.00 USD`: the sign of several currencies, and then which one.
bool is_shared_sign(std::string_view currency) { return currency == "$" || currency == "\xC2\xA5"; }

bool take_sign(std::string_view& text, bool& negative) {
  if (!text.starts_with('-') && !text.starts_with('+')) return false;
  negative = text.front() == '-';
  text = trimmed(text.substr(1));
  return true;
}

std::string_view take_digits(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  const std::string_view digits(text.begin(), end);
  text.remove_prefix(digits.size());
  return digits;
}

/// What separates the thousands at the front of `text`, or nothing.
std::string_view group_mark(std::string_view text, NumberFormat format) {
  if (text.starts_with(format == NumberFormat::kPoint ? ',' : '.')) return text.substr(0, 1);
  for (const std::string_view mark : kGroupMarks) {
    if (text.starts_with(mark)) return mark;
  }
  return {};
}

/// The digits before the decimal mark, without the marks between their groups.
std::optional<std::string> take_whole(std::string_view& text, NumberFormat format) {
  std::string whole(take_digits(text));
  const std::string_view mark = group_mark(text, format);
  if (mark.empty()) return whole;
  if (whole.empty() || whole.size() > 3 || whole.front() == '0') return std::nullopt;
  while (text.starts_with(mark)) {
    text.remove_prefix(mark.size());
    const std::string_view group = take_digits(text);
    if (group.size() != 3) return std::nullopt;
    whole += group;
  }
  return whole;
}

/// A number without sign and currency.
std::optional<Decimal> parse_unsigned(std::string_view text, NumberFormat format) {
  std::optional<std::string> digits = take_whole(text, format);
  if (!digits) return std::nullopt;
  Decimal number;
  if (!text.empty()) {
    if (!text.starts_with(format == NumberFormat::kPoint ? '.' : ',')) return std::nullopt;
    text.remove_prefix(1);
    const std::string_view fraction = take_digits(text);
    if (fraction.empty() || !text.empty() || fraction.size() > kMaxDigits) return std::nullopt;
    number.scale = static_cast<int>(fraction.size());
    *digits += fraction;
  }
  if (digits->empty()) return std::nullopt;
  const std::size_t zeros = std::min(digits->find_first_not_of('0'), digits->size() - 1);
  number.digits = digits->substr(zeros);
  return number.digits.size() <= kMaxDigits ? std::optional(number) : std::nullopt;
}

}  // namespace

std::string to_text(const Decimal& number) {
  std::string text = number.digits;
  const auto scale = static_cast<std::size_t>(number.scale);
  if (text.size() <= scale) text.insert(0, scale + 1 - text.size(), '0');
  if (scale != 0) text.insert(text.size() - scale, 1, '.');
  return number.negative ? "-" + text : text;
}

std::optional<WrittenAmount> parse_amount(std::string_view text, NumberFormat format) {
  bool negative = false;
  text = trimmed(text);
  const bool sign = take_sign(text, negative);
  const std::string before = take_currency_in_front(text);
  const std::string behind = take_currency_behind(text);
  text = trimmed(text);
  if (!sign) take_sign(text, negative);
  const bool agree = before.empty() || behind.empty() || before == behind || is_shared_sign(before);
  std::optional<Decimal> number = parse_unsigned(text, format);
  if (!number || !agree) return std::nullopt;
  number->negative = negative && number->digits != "0";
  return WrittenAmount{.number = *std::move(number), .currency = behind.empty() ? before : behind};
}

std::optional<Decimal> parse_decimal(std::string_view text, NumberFormat format) {
  std::optional<WrittenAmount> amount = parse_amount(text, format);
  return amount ? std::optional(std::move(amount->number)) : std::nullopt;
}

void NumberColumn::feed(std::uint64_t row, std::string_view text) {
  const std::optional<Decimal> point = parse_decimal(text, NumberFormat::kPoint);
  const std::optional<Decimal> comma = parse_decimal(text, NumberFormat::kComma);
  readings_.note(row, point.has_value(), comma.has_value(), point == comma);
}

ColumnVerdict<NumberFormat> NumberColumn::verdict() const {
  return readings_.verdict(NumberFormat::kPoint, NumberFormat::kComma, NumberFormat::kPoint);
}

}  // namespace daybook::domain
