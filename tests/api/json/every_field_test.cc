// The promise of the model: a field is one line in its proto. Every field of every kind goes in as JSON and comes out
// the same, is cleared, and refuses a bad value by its code.
#include <gtest/gtest.h>

#include "api/json/command_reader.h"
#include "model/json_writer.h"
#include "model/record.h"
#include "tests/api/json/field_values.h"

namespace daybook::api {
namespace {

using model::Field;
using model::Kind;
using model::SetBy;

const model::Uuid kId = *model::Uuid::parse("01890a5d-ac96-774b-bcce-b302099a8057");

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
