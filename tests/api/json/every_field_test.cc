// The promise of the model: a field is one line in its proto. Every field of every kind goes in as JSON and comes out
// the same, is cleared, and refuses a bad value by its code.
#include <gtest/gtest.h>

#include "api/json/command_reader.h"
#include "model/json_writer.h"
#include "model/record.h"

namespace daybook::api {
namespace {

using model::Field;
using model::FieldType;
using model::Kind;
using model::SetBy;

const model::Uuid kId = *model::Uuid::parse("01890a5d-ac96-774b-bcce-b302099a8057");

std::string good_value(const Field& field);

std::string good_object(const model::Message& message) {
  std::string out;
  for (const Field& field : message.fields) {
    out += out.empty() ? "{\"" : ",\"";
    out += field.name + "\":" + good_value(field);
  }
  return out + "}";
}

std::string good_scalar(const Field& field) {
  switch (field.type) {
    case FieldType::kText:
      return "\"Grüße \\\"\\\\\"";
    case FieldType::kInteger:
      return std::to_string(field.max.value_or(9007199254740993));
    case FieldType::kBoolean:
      return "true";
    case FieldType::kOption:
      return "\"" + field.options[1] + "\"";
    case FieldType::kId:
      return "\"01890a5d-ac96-774b-bcce-b302099a8058\"";
    case FieldType::kTime:
      return "\"2026-01-02T03:04:05.678901Z\"";
    case FieldType::kDate:
      return "\"2026-01-31\"";
    case FieldType::kEmail:
      return "\"Jane@Example.com\"";
    case FieldType::kMoney:
      return "\"12500.00\"";
    case FieldType::kCurrency:
      return "\"EUR\"";
    case FieldType::kIp:
      return "\"2001:db8::1\"";
    case FieldType::kSlug:
      return "\"a-slug_1\"";
    case FieldType::kTimezone:
      return "\"Europe/Berlin\"";
    case FieldType::kUrl:
      return "\"https://example.com/\"";
    case FieldType::kBinary:
      return "null";
    case FieldType::kMessage:
      return good_object(*field.message);
  }
  return "null";
}

std::string good_value(const Field& field) {
  return field.repeated ? "[" + good_scalar(field) + "," + good_scalar(field) + "]" : good_scalar(field);
}

/// One that parses as JSON but that no field of the type takes.
std::string bad_value(const Field& field) {
  std::string bad = "{}";
  if (field.type == FieldType::kText) bad = "\"" + std::string(70000, 'x') + "\"";
  if (field.type == FieldType::kEmail || field.type == FieldType::kMessage) bad = "\"nobody\"";
  return field.repeated ? "[" + bad + "]" : bad;
}

std::string bad_code(const Field& field) {
  if (field.type == FieldType::kText) return "too_long";
  return field.type == FieldType::kEmail ? "invalid_email" : "invalid_value";
}

bool is_given_by_clients(const Field& field) {
  return !field.internal && !field.secret && field.name != "meta" && field.set_by != SetBy::kFold;
}

std::string body(const Field& field, const std::string& value) { return "{\"" + field.name + "\":" + value + "}"; }

domain::Result<CommandInput> read(const Kind& kind, const std::string& json, ReadMode mode) {
  return read_object(*kind.message, json, {.mode = mode, .currency = "EUR"});
}

/// The code of the first error, which points at the field or into it.
std::string code_of(const Kind& kind, const Field& field, const std::string& value, ReadMode mode) {
  const auto input = read(kind, body(field, value), mode);
  if (input) return "accepted";
  if (input.error().errors.empty()) return input.error().detail;
  const domain::FieldError& error = input.error().errors.front();
  return error.pointer.starts_with("/" + field.name) ? error.code : error.pointer;
}

template <typename Check>
void for_each_field(Check check) {
  int count = 0;  // so that a walk over nothing does not pass
  for (const Kind& kind : model::schema().kinds()) {
    for (const Field& field : kind.message->fields) {
      SCOPED_TRACE(kind.name + "." + field.name);
      if (is_given_by_clients(field)) check(kind, field);
      ++count;
    }
  }
  EXPECT_GT(count, 100);
}

TEST(EveryField, ComesOutAsItWentIn) {
  for_each_field([](const Kind& kind, const Field& field) {
    const std::string given = body(field, good_value(field));
    const auto input = read(kind, given, ReadMode::kCommand);
    ASSERT_TRUE(input) << input.error().errors.front().detail;
    const model::Selection only{.fields = std::uint64_t{1} << field.number, .meta = 0};
    std::string out;
    model::write_record(out, kind, kId, input->own, {.selection = only, .currency = "EUR"});
    EXPECT_EQ(out, "{\"id\":\"01890a5d-ac96-774b-bcce-b302099a8057\"," + given.substr(1));
  });
}

TEST(EveryField, IsClearedByNull) {
  for_each_field([](const Kind& kind, const Field& field) {
    const auto input = read(kind, body(field, "null"), ReadMode::kCommand);
    ASSERT_TRUE(input);
    EXPECT_EQ(input->cleared, std::vector<std::uint32_t>{field.number});
    EXPECT_EQ(input->own, "");
  });
}

TEST(EveryField, RefusesABadValueByItsCode) {
  for_each_field([](const Kind& kind, const Field& field) {
    EXPECT_EQ(code_of(kind, field, bad_value(field), ReadMode::kCommand), bad_code(field));
  });
}

TEST(EveryField, IsTakenFromThoseWhoMaySetItOnly) {
  for_each_field([](const Kind& kind, const Field& field) {
    const bool create = field.set_by == SetBy::kAnyone || field.set_by == SetBy::kCreate;
    const bool update = field.set_by == SetBy::kAnyone || field.set_by == SetBy::kUpdate;
    EXPECT_EQ(code_of(kind, field, good_value(field), ReadMode::kCreate), create ? "accepted" : "immutable");
    EXPECT_EQ(code_of(kind, field, good_value(field), ReadMode::kUpdate), update ? "accepted" : "immutable");
  });
}

TEST(EveryField, OfTheFoldIsRefusedAlways) {
  for (const Kind& kind : model::schema().kinds()) {
    for (const Field& field : kind.message->fields) {
      SCOPED_TRACE(kind.name + "." + field.name);
      if (is_given_by_clients(field)) continue;
      const bool shown = field.set_by == SetBy::kFold && !field.internal && !field.secret;
      EXPECT_EQ(code_of(kind, field, "null", ReadMode::kCommand), shown ? "immutable" : "unknown_field");
    }
  }
}

}  // namespace
}  // namespace daybook::api
