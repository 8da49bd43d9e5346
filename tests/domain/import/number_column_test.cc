#include "domain/import/number_column.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

namespace daybook::domain {
namespace {

std::string point(std::string_view text) {
  const auto number = parse_decimal(text, NumberFormat::kPoint);
  return number ? to_text(*number) : "none";
}

std::string comma(std::string_view text) {
  const auto number = parse_decimal(text, NumberFormat::kComma);
  return number ? to_text(*number) : "none";
}

std::string currency(std::string_view text) {
  const auto amount = parse_amount(text, NumberFormat::kPoint);
  return amount ? amount->currency : "none";
}

ColumnVerdict<NumberFormat> judged(std::initializer_list<std::string_view> values) {
  NumberColumn column;
  std::uint64_t row = 2;
  for (const std::string_view value : values) column.feed(row++, value);
  return column.verdict();
}

TEST(ParseDecimal, ReadsPlainNumbers) {
  EXPECT_EQ(point("1234"), "1234");
  EXPECT_EQ(point("1234.50"), "1234.50");
  EXPECT_EQ(point("-0.05"), "-0.05");
  EXPECT_EQ(point("+7"), "7");
  EXPECT_EQ(point(".5"), "0.5");
  EXPECT_EQ(point("007"), "7");
  EXPECT_EQ(comma("1234,5"), "1234.5");
}

TEST(ParseDecimal, ReadsThousandsInBothFormats) {
  EXPECT_EQ(point("1,234.56"), "1234.56");
  EXPECT_EQ(point("1,234,567"), "1234567");
  EXPECT_EQ(comma("1.234,56"), "1234.56");
  EXPECT_EQ(comma("1.234.567"), "1234567");
}

TEST(ParseDecimal, ReadsSpacesAndApostrophesBetweenThousands) {
  EXPECT_EQ(comma("1 234,56"), "1234.56");
  EXPECT_EQ(comma("1\xC2\xA0"
                  "234,56"),
            "1234.56");
  EXPECT_EQ(comma("1\xE2\x80\xAF"
                  "234,56"),
            "1234.56");
  EXPECT_EQ(point("1'234.56"), "1234.56");
  EXPECT_EQ(point("1\xE2\x80\x99"
                  "234.56"),
            "1234.56");
}

TEST(ParseDecimal, KeepsEveryDigit) {
  EXPECT_EQ(point("1234567890123456789012345678.000000001"), "1234567890123456789012345678.000000001");
  EXPECT_EQ(point("9007199254740993"), "9007199254740993");
}

TEST(ParseDecimal, RefusesMoreThanFortyDigits) { EXPECT_EQ(point(std::string(41, '9')), "none"); }

TEST(ParseDecimal, HasNoNegativeZero) { EXPECT_EQ(point("-0.00"), "0.00"); }

TEST(ParseDecimal, RefusesGroupsThatAreNotOfThree) {
  EXPECT_EQ(point("1,23"), "none");
  EXPECT_EQ(point("1234,567"), "none");
  EXPECT_EQ(point("0,123"), "none");
  EXPECT_EQ(point("1,234 567"), "none");
  EXPECT_EQ(point("1,,234"), "none");
}

TEST(ParseDecimal, RefusesWhatIsNoNumber) {
  EXPECT_EQ(point(""), "none");
  EXPECT_EQ(point("abc"), "none");
  EXPECT_EQ(point("USD"), "none");
  EXPECT_EQ(point("1e5"), "none");
  EXPECT_EQ(point("5%"), "none");
  EXPECT_EQ(point("5."), "none");
  EXPECT_EQ(point("--5"), "none");
  EXPECT_EQ(point("1.2.3"), "none");
}

TEST(ParseAmount, FindsTheCurrencyOnEitherSide) {
  EXPECT_EQ(currency("\xE2\x82\xAC"
                     "5.00"),
            "EUR");
  EXPECT_EQ(currency("5.00 \xE2\x82\xAC"), "EUR");
  EXPECT_EQ(currency("\xC2\xA3"
                     "1,234"),
            "GBP");
  EXPECT_EQ(currency("USD 5"), "USD");
  EXPECT_EQ(currency("5\xC2\xA0"
                     "chf"),
            "CHF");
  EXPECT_EQ(currency("5"), "");
}

TEST(ParseAmount, LeavesSignsOfSeveralCurrenciesAsTheyAre) {
  EXPECT_EQ(currency("$1,234.56"), "$");
  EXPECT_EQ(currency("\xC2\xA5"
                     "500"),
            "\xC2\xA5");
}

TEST(ParseAmount, TakesTheCodeBesideASharedSign) { EXPECT_EQ(currency("$1,234.00 CAD"), "CAD"); }

TEST(ParseAmount, RefusesTwoCurrencies) {
  EXPECT_EQ(currency("\xE2\x82\xAC"
                     "5 USD"),
            "none");
}

TEST(ParseAmount, TakesTheSignBeforeOrBehindTheCurrency) {
  EXPECT_EQ(point("-$5"), "-5");
  EXPECT_EQ(point("$-5"), "-5");
  EXPECT_EQ(point("-$-5"), "none");
}

TEST(NumberColumn, IsDecidedByDecimals) {
  EXPECT_EQ(judged({"1,234", "12.50"}).format, NumberFormat::kPoint);
  EXPECT_EQ(judged({"1.234", "12,50"}).format, NumberFormat::kComma);
}

TEST(NumberColumn, IsDecidedByTwoGroups) {
  EXPECT_EQ(judged({"1,234", "1,234,567"}).format, NumberFormat::kPoint);
  EXPECT_EQ(judged({"1.234.567"}).format, NumberFormat::kComma);
}

TEST(NumberColumn, ReadsWholeNumbersEitherWay) {
  EXPECT_EQ(judged({"1234", "0", "1 000"}).format, NumberFormat::kPoint);
  EXPECT_EQ(judged({}).format, NumberFormat::kPoint);
}

TEST(NumberColumn, IsUndecidableForThousandsAlone) {
  const auto verdict = judged({"500", "1,234"});
  EXPECT_EQ(verdict.doubt, ColumnDoubt::kUndecidable);
  EXPECT_EQ(verdict.row, 3U);
}

TEST(NumberColumn, IsContradictoryWhenBothMarksStandBeforeDecimals) {
  EXPECT_EQ(judged({"1,5", "1.5"}).doubt, ColumnDoubt::kContradictory);
}

TEST(NumberColumn, LeavesSingleBadValuesToTheirRows) {
  const auto verdict = judged({"12.50", "tbd"});
  EXPECT_EQ(verdict.format, NumberFormat::kPoint);
  EXPECT_EQ(verdict.first_bad_row, 3U);
}

TEST(NumberColumn, IsImpossibleWithoutOneNumber) { EXPECT_EQ(judged({"tbd"}).doubt, ColumnDoubt::kImpossible); }

}  // namespace
}  // namespace daybook::domain
