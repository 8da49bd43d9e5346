#include "model/money.h"

#include <gtest/gtest.h>

#include <limits>

namespace daybook::model {
namespace {

TEST(CurrencyDigits, AreIsosNotTheLocaleDatas) {
  EXPECT_EQ(currency_digits("AFN"), 2);
  EXPECT_EQ(currency_digits("ALL"), 2);
  EXPECT_EQ(currency_digits("RSD"), 2);
  EXPECT_EQ(currency_digits("MGA"), 2);
  EXPECT_EQ(currency_digits("LBP"), 2);
  EXPECT_EQ(currency_digits("IQD"), 3);
}
TEST(CurrencyDigits, KnowNoneThreeAndFour) {
  EXPECT_EQ(currency_digits("JPY"), 0);
  EXPECT_EQ(currency_digits("KWD"), 3);
  EXPECT_EQ(currency_digits("CLF"), 4);
}
TEST(CurrencyDigits, KnowTheNewestCodes) {
  EXPECT_EQ(currency_digits("XCG"), 2);
  EXPECT_EQ(currency_digits("ZWG"), 2);
}
TEST(CurrencyDigits, AreNothingForUnknownCodesAndMetals) {
  EXPECT_EQ(currency_digits("XXY"), std::nullopt);
  EXPECT_EQ(currency_digits("XAU"), std::nullopt);
  EXPECT_EQ(currency_digits("eur"), std::nullopt);
  EXPECT_EQ(currency_digits(""), std::nullopt);
}

TEST(ParseMoney, TakesExactlyTheCurrencysDigits) {
  EXPECT_EQ(parse_money("12500.00", 2), 1250000);
  EXPECT_EQ(parse_money("12500", 0), 12500);
  EXPECT_EQ(parse_money("0.001", 3), 1);
  EXPECT_EQ(parse_money("-3.50", 2), -350);
}
TEST(ParseMoney, RefusesMissingAndExtraDigits) {
  EXPECT_EQ(parse_money("12500", 2), std::nullopt);
  EXPECT_EQ(parse_money("12500.0", 2), std::nullopt);
  EXPECT_EQ(parse_money("12500.000", 2), std::nullopt);
  EXPECT_EQ(parse_money("12500.00", 0), std::nullopt);
}
TEST(ParseMoney, RefusesOtherForms) {
  EXPECT_EQ(parse_money("", 2), std::nullopt);
  EXPECT_EQ(parse_money("-", 0), std::nullopt);
  EXPECT_EQ(parse_money(".50", 2), std::nullopt);
  EXPECT_EQ(parse_money("5.", 0), std::nullopt);
  EXPECT_EQ(parse_money("+5.00", 2), std::nullopt);
  EXPECT_EQ(parse_money("05.00", 2), std::nullopt);
  EXPECT_EQ(parse_money("1,000.00", 2), std::nullopt);
  EXPECT_EQ(parse_money("1e3", 0), std::nullopt);
  EXPECT_EQ(parse_money(" 5.00", 2), std::nullopt);
  EXPECT_EQ(parse_money("5.0.0", 2), std::nullopt);
}
TEST(ParseMoney, EndsAtTheLimit) {
  EXPECT_EQ(parse_money("10000000000000.00", 2), kMoneyLimit);
  EXPECT_EQ(parse_money("10000000000000.01", 2), std::nullopt);
  EXPECT_EQ(parse_money("99999999999999999999999999", 0), std::nullopt);
}

TEST(ParseMoneyPadded, FillsMissingDigits) {
  EXPECT_EQ(parse_money_padded("12500", 2), 1250000);
  EXPECT_EQ(parse_money_padded("12.5", 2), 1250);
  EXPECT_EQ(parse_money_padded("+007", 2), 700);
}
TEST(ParseMoneyPadded, RefusesExtraDigits) { EXPECT_EQ(parse_money_padded("12.500", 2), std::nullopt); }
TEST(ParseMoneyPadded, EndsAtTheLimit) { EXPECT_EQ(parse_money_padded("1000000000000000", 2), std::nullopt); }

TEST(FormatMoney, WritesExactlyTheCurrencysDigits) {
  EXPECT_EQ(format_money(1250000, 2), "12500.00");
  EXPECT_EQ(format_money(12500, 0), "12500");
  EXPECT_EQ(format_money(1, 3), "0.001");
  EXPECT_EQ(format_money(0, 2), "0.00");
  EXPECT_EQ(format_money(-5, 2), "-0.05");
}
TEST(FormatMoney, HasATextForTheLowestNumber) {
  EXPECT_EQ(format_money(std::numeric_limits<std::int64_t>::min(), 0), "-9223372036854775808");
}

}  // namespace
}  // namespace daybook::model
