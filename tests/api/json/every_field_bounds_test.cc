// The promise of the model, at its edges: every field of every kind is bounded, keeps to its type, and is read from a
// CSV cell and from the query of a list as from JSON.
#include <gtest/gtest.h>

#include <algorithm>

#include "api/json/command_reader.h"
#include "api/list_names.h"
#include "api/list_parameters.h"
#include "domain/store.h"
#include "model/wire.h"
#include "projections/derived_rows.h"
#include "tests/api/json/field_values.h"

namespace daybook::api {
namespace {

using model::Field;
using model::FieldType;
using model::Kind;

constexpr std::int64_t kLongestText = 4096;  // code points, where a field says nothing

std::string code_of(const Kind& kind, const Field& field, const std::string& value) {
  const std::string one = field.repeated ? "[" + value + "]" : value;
  const auto input = read_object(*kind.message, "{\"" + field.name + "\":" + one + "}",
                                 {.mode = ReadMode::kCommand, .currency = "EUR"});
  return input ? "accepted" : input.error().errors.front().code;
}

std::string quoted(std::int64_t code_points) {
  std::string text = "\"";
  for (std::int64_t i = 0; i < code_points; ++i) text += "ü";
  return text + "\"";
}

bool is_scalar(const Field& field) { return field.type != FieldType::kMessage && field.type != FieldType::kBinary; }

TEST(EveryField, OfTextIsBoundedInCodePoints) {
  int texts = 0;
  for_each_field([&](const Kind& kind, const Field& field) {
    if (field.type != FieldType::kText) return;
    const std::int64_t most = field.max.value_or(kLongestText);
    EXPECT_EQ(code_of(kind, field, quoted(most)), "accepted");
    EXPECT_EQ(code_of(kind, field, quoted(most + 1)), "too_long");
    ++texts;
  });
  EXPECT_GT(texts, 30);
}

TEST(EveryField, OfNumberIsBoundedByItsUnits) {
  int bounds = 0;
  for_each_field([&](const Kind& kind, const Field& field) {
    if (field.type != FieldType::kInteger) return;
    for (const auto& [bound, beyond] : {std::pair(field.min, -1), std::pair(field.max, +1)}) {
      if (!bound) continue;
      EXPECT_EQ(code_of(kind, field, std::to_string(*bound)), "accepted");
      EXPECT_EQ(code_of(kind, field, std::to_string(*bound + beyond)), "invalid_value");
      ++bounds;
    }
  });
  EXPECT_GE(bounds, 6);
}

TEST(EveryField, OfMoneyHasTheDigitsOfItsCurrencyAndNoMore) {
  int amounts = 0;
  for_each_field([&](const Kind& kind, const Field& field) {
    if (field.type != FieldType::kMoney) return;
    EXPECT_EQ(code_of(kind, field, "\"10000000000000.00\""), "accepted");
    EXPECT_EQ(code_of(kind, field, "\"10000000000000.01\""), "invalid_value");
    EXPECT_EQ(code_of(kind, field, "\"1.5\""), "invalid_value");
    EXPECT_EQ(code_of(kind, field, "\"1.005\""), "invalid_value");
    if (field.min == 0) {
      EXPECT_EQ(code_of(kind, field, "\"-0.01\""), "invalid_value");
    }
    ++amounts;
  });
  EXPECT_GT(amounts, 0);
}

TEST(EveryField, IsOfItsTypeAlone) {
  for_each_field([](const Kind& kind, const Field& field) {
    const bool takes_true = field.type == FieldType::kBoolean;
    const bool takes_one = field.type == FieldType::kInteger && field.min.value_or(1) <= 1;
    const std::string wrong = field.type == FieldType::kEmail ? "invalid_email" : "invalid_value";
    EXPECT_EQ(code_of(kind, field, "true"), takes_true ? "accepted" : wrong);
    EXPECT_EQ(code_of(kind, field, "1"), takes_one ? "accepted" : wrong);
    EXPECT_EQ(code_of(kind, field, "1.5"), wrong);
    EXPECT_EQ(code_of(kind, field, "[\"x\"]"), wrong);
    if (field.type != FieldType::kMessage) {
      EXPECT_EQ(code_of(kind, field, "{}"), wrong);
    }
    if (field.type != FieldType::kText) {
      EXPECT_EQ(code_of(kind, field, "\"x y\""), wrong);
    }
  });
}

TEST(EveryField, IsReadFromACellAsFromJson) {
  for_each_field([](const Kind& kind, const Field& field) {
    if (!is_scalar(field)) return;
    std::string cell;
    const auto problem = model::append_text(cell, field, good_text(field), {.lenient = true, .currency = "EUR"});
    ASSERT_FALSE(problem) << problem->detail;
    const auto input = read_object(*kind.message, "{\"" + field.name + "\":" + good_value(field) + "}",
                                   {.mode = ReadMode::kCommand, .currency = "EUR"});
    ASSERT_TRUE(input);
    EXPECT_EQ(field.repeated ? cell + cell : cell, input->own);
  });
}

// What a list is told to find, by the name that the field's options give it.
class FieldAsFilter : public testing::Test {
 protected:
  static std::string value_of(const ListName& name) {
    if (name.use == ListName::Use::kPresence) return "true";
    if (name.use == ListName::Use::kPipeline) return "default";
    return name.field == nullptr ? "2026-01-31" : good_text(*name.field);
  }

  std::string code(const Kind& kind, const std::string& name, const std::string& value) {
    const auto read = parse_list_parameters(kind, {{name, value}}, view_);
    if (read) return "accepted";
    return read.error().front().parameter == name ? read.error().front().code : read.error().front().parameter;
  }

  domain::MemoryRows rows_;
  domain::View view_{rows_, {}};
};

TEST_F(FieldAsFilter, TakesWhatTheFieldTakes) {
  for (const Kind& kind : model::schema().kinds()) {
    for (const ListName& name : list_names(kind)) {
      SCOPED_TRACE(kind.name + "." + name.name);
      EXPECT_EQ(code(kind, name.name, value_of(name)), "accepted");
      const bool takes_any_text =
          name.use == ListName::Use::kTag || (name.field != nullptr && name.field->type == FieldType::kText);
      if (!takes_any_text) {
        EXPECT_EQ(code(kind, name.name, "x y"), "invalid_parameter");
      }
    }
  }
}

TEST_F(FieldAsFilter, IsOfferedForEveryFieldThatListsCanTest) {
  int filters = 0;
  for (const Kind& kind : model::schema().kinds()) {
    const auto names = list_names(kind);
    for (const Field& field : kind.message->fields) {
      SCOPED_TRACE(kind.name + "." + field.name);
      const auto is_of_field = [&](const ListName& name) { return name.field == &field; };
      const bool offered = std::any_of(names.begin(), names.end(), is_of_field);
      const bool can_test = projections::is_listed(field) && !field.internal && !field.secret;
      if (can_test) {
        EXPECT_TRUE(offered);
        ++filters;
      }
    }
  }
  EXPECT_GT(filters, 20);
}

TEST_F(FieldAsFilter, IsUnknownWhereTheFieldHasNoSuchOption) {
  for_each_field([&](const Kind& kind, const Field& field) {
    const bool has_option = field.packed || field.facet || field.sort;
    const bool known = has_option && projections::is_listed(field);
    if (!known) {
      EXPECT_EQ(code(kind, field.name, good_text(field)), "unknown_parameter");
    }
  });
}

}  // namespace
}  // namespace daybook::api
