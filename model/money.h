#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace daybook::model {

/// Money is a count of minor units beside an ISO 4217 code, at most 10^15 of them either way.
inline constexpr std::int64_t kMoneyLimit = 1'000'000'000'000'000;

/// Digits after the point of a currency by ISO 4217 (2 of EUR, 0 of JPY, 3 of KWD), upper-case codes only; nothing for
/// an unknown code and for those without minor units (gold, XXX). ISO's digits, not CLDR's: AFN, ALL, RSD, LBP, MGA
/// have 2, IQD 3.
std::optional<int> currency_digits(std::string_view code);

/// "12500.00" with 2 digits → 1250000: exactly that many digits after the point, no sign but '-', no leading zero, no
/// grouping. Nothing for any other form and beyond the limit.
std::optional<std::int64_t> parse_money(std::string_view text, int digits);
/// The same for files and settings: missing digits are zeros ("12500", "12.5"), leading zeros and '+' pass.
std::optional<std::int64_t> parse_money_padded(std::string_view text, int digits);
/// 1250000 with 2 digits → "12500.00".
std::string format_money(std::int64_t minor_units, int digits);

}  // namespace daybook::model
