#include "model/schema.h"

#include <gtest/gtest.h>

namespace daybook::model {
namespace {

TEST(Schema, HasAChoiceForEachFieldOfAContactThatAnyoneMaySet) {
  const Message& choices = *schema().message("daybook.v1.FieldChoices");
  std::size_t expected = 0;
  for (const Field& field : schema().kind("contact")->message->fields) {
    SCOPED_TRACE(field.name);
    const Field* choice = choices.field(std::string_view(field.name));
    const bool can_be_chosen = field.set_by == SetBy::kAnyone && field.name != "meta";
    ASSERT_EQ(choice != nullptr, can_be_chosen);
    if (!can_be_chosen) continue;
    ++expected;
    EXPECT_EQ(choice, choices.field(field.number));
    EXPECT_EQ(choice->type, FieldType::kOption);
    EXPECT_EQ(choice->options, (std::vector<std::string>{"", "primary", "duplicate"}));
  }
  EXPECT_EQ(choices.fields.size(), expected);
  EXPECT_EQ(choices.field(std::string_view("side")), nullptr);
}

TEST(Schema, FindsEveryFieldByNameAndByNumber) {
  for (const Kind& kind : schema().kinds()) {
    for (const Field& field : kind.message->fields) {
      EXPECT_EQ(kind.message->field(std::string_view(field.name)), &field);
      EXPECT_EQ(kind.message->field(field.number), &field);
    }
    EXPECT_EQ(kind.message->field(std::string_view("no_such_field")), nullptr);
    EXPECT_EQ(kind.message->field(std::uint32_t{63}), nullptr);
  }
}

}  // namespace
}  // namespace daybook::model
