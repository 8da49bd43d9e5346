#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/import/column_verdict.h"

namespace daybook::domain {

/// Which mark stands before the decimals; the other one may then stand between groups of thousands.
enum class NumberFormat : std::uint8_t { kPoint, kComma };

/// An exact decimal number: digits × 10^-scale.
struct Decimal {
  bool negative = false;
  std::string digits = "0";  // without leading zeros; 40 at most
  int scale = 0;             // digits behind the mark, as written: 1.50 has 2
  bool operator==(const Decimal&) const = default;
};

/// Plain text with a point, as it goes over the wire: "-1234.50", "0.05".
std::string to_text(const Decimal& number);

/// A number with the currency that stood at it: an ISO 4217 code in capitals (not checked against the list; `€` and `£`
/// give theirs), `$` or `¥` (signs of several currencies), or nothing.
struct WrittenAmount {
  Decimal number;
  std::string currency;
  bool operator==(const WrittenAmount&) const = default;
};

/// Digits, perhaps with a sign, a currency before or after them, one decimal mark, and one kind of separator between
/// groups of three: the other mark, a space (also U+00A0, U+202F, U+2009) or an apostrophe. Nothing for all else, also
/// for exponents, percent signs and groups that are not of three (1,23 has no thousands).
std::optional<WrittenAmount> parse_amount(std::string_view text, NumberFormat format);
/// The same without its currency.
std::optional<Decimal> parse_decimal(std::string_view text, NumberFormat format);

/// Finds the one format in which all amounts of a column can be read. Feed every non-empty value. Whole numbers alone
/// read the same in both and give kPoint; 1,234 alone is undecidable.
class NumberColumn {
 public:
  void feed(std::uint64_t row, std::string_view text);
  ColumnVerdict<NumberFormat> verdict() const;

 private:
  TwoReadings readings_;
};

}  // namespace daybook::domain
