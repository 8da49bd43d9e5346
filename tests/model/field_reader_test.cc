#include "model/field_reader.h"

#include <gtest/gtest.h>

#include "model/record.h"

namespace daybook::model {
namespace {

const Field& field_of(std::string_view kind, std::string_view name) {
  return *schema().kind(kind)->message->field(name);
}

std::string code_of(const Field& field, std::string_view text, const ValueForm& form = {}) {
  std::string out;
  const auto problem = append_text(out, field, text, form);
  return problem ? std::string(problem->code) : "";
}

std::int64_t integer_of(const Field& field, std::string_view text, const ValueForm& form = {}) {
  std::string out;
  append_text(out, field, text, form);
  return get_integer(out, field.number).value_or(-1);
}

std::string text_of(const Field& field, std::string_view text, const ValueForm& form = {}) {
  std::string out;
  append_text(out, field, text, form);
  return std::string(get_bytes(out, field.number).value_or("nothing"));
}

TEST(FieldReader, KeepsTextsAsEntered) { EXPECT_EQ(text_of(field_of("contact", "first_name"), "  Jane "), "  Jane "); }
TEST(FieldReader, CountsTheLimitInCodePoints) {
  std::string name;
  for (int i = 0; i < 500; ++i) name += "ß";
  EXPECT_EQ(code_of(field_of("contact", "first_name"), name), "");
  EXPECT_EQ(code_of(field_of("contact", "first_name"), name + "ß"), "too_long");
}
TEST(FieldReader, LimitsOtherTextsTo4096) {
  EXPECT_EQ(code_of(field_of("contact", "city"), std::string(4096, 'x')), "");
  EXPECT_EQ(code_of(field_of("contact", "city"), std::string(4097, 'x')), "too_long");
}
TEST(FieldReader, RefusesNulInTexts) {
  EXPECT_EQ(code_of(field_of("contact", "city"), std::string_view("a\0b", 3)), "invalid_value");
}
TEST(FieldReader, RefusesTextsThatAreNotUtf8) {
  EXPECT_EQ(code_of(field_of("contact", "city"), "\xff"), "invalid_value");
}
TEST(FieldReader, RefusesAnEmptyText) { EXPECT_EQ(code_of(field_of("contact", "city"), ""), "invalid_value"); }
TEST(FieldReader, LeavesTheRecordAloneOnAProblem) {
  std::string out = "before";
  append_text(out, field_of("contact", "email"), "nobody");
  EXPECT_EQ(out, "before");
}

TEST(FieldReader, RefusesATextOfWhiteSpaceAlone) {
  EXPECT_EQ(code_of(field_of("contact", "city"), " \t\u00a0"), "invalid_value");
}
TEST(FieldReader, RefusesControlCharactersInOneLine) {
  for (const char* title : {"a\r\nBcc: b@x.test", "a\x1b[1m", "a\x7f", "a\u0085"}) {
    EXPECT_EQ(code_of(field_of("deal", "title"), title), "invalid_value");
  }
  EXPECT_EQ(code_of(field_of("deal", "title"), "a\u00a0ä"), "");
  EXPECT_EQ(code_of(field_of("deal", "notes"), "a\r\nb\tc"), "");
}

TEST(FieldReader, KeepsAnAddressWithoutTheWhiteSpaceAround) {
  EXPECT_EQ(text_of(field_of("contact", "email"), " Jane@Example.com "), "Jane@Example.com");
}
TEST(FieldReader, NamesABadAddress) { EXPECT_EQ(code_of(field_of("contact", "email"), "jane@"), "invalid_email"); }

TEST(FieldReader, NamesTheOptionsThereAre) {
  std::string out;
  const auto problem = append_text(out, field_of("contact", "type"), "client");
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->detail, "type must be one of customer, contractor, vendor, partner, other.");
}
TEST(FieldReader, TakesOptionsInAnyCaseFromCellsOnly) {
  EXPECT_EQ(code_of(field_of("contact", "type"), "Customer"), "invalid_value");
  EXPECT_EQ(integer_of(field_of("contact", "type"), " Customer ", {.lenient = true}), 1);
}

TEST(FieldReader, ReadsWholeNumbersWithinTheirBounds) {
  EXPECT_EQ(integer_of(field_of("contact", "birth_month"), "12"), 12);
  EXPECT_EQ(code_of(field_of("contact", "birth_month"), "13"), "invalid_value");
  EXPECT_EQ(code_of(field_of("contact", "birth_month"), "0"), "invalid_value");
  EXPECT_EQ(code_of(field_of("contact", "birth_month"), "1.5"), "invalid_value");
  EXPECT_EQ(code_of(field_of("contact", "birth_month"), "x"), "invalid_value");
}
TEST(FieldReader, SaysTheBounds) {
  std::string out;
  const auto problem = append_integer(out, field_of("contact", "birth_month"), 13);
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->detail, "birth_month must be a whole number between 1 and 12.");
}

TEST(FieldReader, ReadsTruthAsPeopleWriteItFromCellsOnly) {
  EXPECT_EQ(integer_of(field_of("contact", "is_subscribed"), "true"), 1);
  EXPECT_EQ(code_of(field_of("contact", "is_subscribed"), "Yes"), "invalid_value");
  EXPECT_EQ(integer_of(field_of("contact", "is_subscribed"), "Yes", {.lenient = true}), 1);
  EXPECT_EQ(integer_of(field_of("contact", "is_subscribed"), "0", {.lenient = true}), 0);
}

TEST(FieldReader, TakesMoneyWithItsCurrencysDigits) {
  const Field& value = field_of("deal", "value");
  EXPECT_EQ(integer_of(value, "12500.00", {.currency = "EUR"}), 1250000);
  EXPECT_EQ(integer_of(value, "12500", {.currency = "JPY"}), 12500);
  EXPECT_EQ(code_of(value, "12500", {.currency = "EUR"}), "invalid_value");
  EXPECT_EQ(code_of(value, "-1.00", {.currency = "EUR"}), "invalid_value");
}
TEST(FieldReader, PadsMoneyFromCells) {
  EXPECT_EQ(integer_of(field_of("deal", "value"), "12500", {.lenient = true, .currency = "EUR"}), 1250000);
}
TEST(FieldReader, NeedsACurrencyForMoney) { EXPECT_EQ(code_of(field_of("deal", "value"), "1.00"), "invalid_value"); }

TEST(FieldReader, TakesCurrenciesOfTheList) {
  EXPECT_EQ(text_of(field_of("deal", "currency"), "EUR"), "EUR");
  EXPECT_EQ(code_of(field_of("deal", "currency"), "eur"), "invalid_value");
  EXPECT_EQ(text_of(field_of("deal", "currency"), "eur", {.lenient = true}), "EUR");
  EXPECT_EQ(code_of(field_of("deal", "currency"), "EUX"), "invalid_value");
}
TEST(FieldReader, TakesIdsAsSixteenBytes) {
  EXPECT_EQ(text_of(field_of("deal", "owner_id"), "30313233-3435-3637-3839-616263646566"), "0123456789abcdef");
  EXPECT_EQ(code_of(field_of("deal", "owner_id"), "17"), "invalid_value");
}
TEST(FieldReader, TakesDatesThatExist) {
  EXPECT_EQ(text_of(field_of("deal", "expected_close_date"), "2026-02-28"), "2026-02-28");
  EXPECT_EQ(code_of(field_of("deal", "expected_close_date"), "2026-02-30"), "invalid_value");
}
TEST(FieldReader, TakesTimesAsMicroseconds) {
  EXPECT_EQ(integer_of(field_of("deal", "closed_at"), "1970-01-01T00:00:01Z"), 1000000);
  EXPECT_EQ(code_of(field_of("deal", "closed_at"), "yesterday"), "invalid_value");
}
TEST(FieldReader, TakesAddressesOfBothInternetProtocols) {
  EXPECT_EQ(code_of(field_of("contact", "opt_in_ip"), "192.0.2.1"), "");
  EXPECT_EQ(code_of(field_of("contact", "opt_in_ip"), "2001:db8::1"), "");
  EXPECT_EQ(code_of(field_of("contact", "opt_in_ip"), "192.0.2.256"), "invalid_value");
}
TEST(FieldReader, TakesSlugsOfSmallLettersOnly) {
  EXPECT_EQ(code_of(field_of("workspace", "slug"), "acme-2_b"), "");
  EXPECT_EQ(code_of(field_of("workspace", "slug"), "Acme"), "invalid_value");
}
TEST(FieldReader, TakesTimeZonesByName) {
  EXPECT_EQ(code_of(field_of("contact", "timezone"), "Europe/Berlin"), "");
  EXPECT_EQ(code_of(field_of("contact", "timezone"), "Berlin"), "invalid_value");
}
TEST(FieldReader, TakesWebAddressesOnly) {
  Field url;
  url.number = 1;
  url.type = FieldType::kUrl;
  EXPECT_EQ(code_of(url, "https://example.com/a?b=c"), "");
  EXPECT_EQ(code_of(url, "HTTP://example.com"), "");
  EXPECT_EQ(code_of(url, "javascript:alert(1)"), "invalid_value");
  EXPECT_EQ(code_of(url, "https://"), "invalid_value");
  EXPECT_EQ(code_of(url, "https://a b"), "invalid_value");
}
TEST(FieldReader, TakesNoBinaryFromOutside) {
  EXPECT_EQ(code_of(field_of("api_key", "secret_hash"), "QUJD"), "invalid_value");
}

}  // namespace
}  // namespace daybook::model
