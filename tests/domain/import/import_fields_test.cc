#include "domain/import/import_fields.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace daybook::domain {
namespace {

TEST(ImportFields, AreAllPlainFieldsOfTheRecordButTheOneSetByHand) {
  const std::map<ImportKind, std::string> kinds{{ImportKind::kContacts, "contact"}, {ImportKind::kDeals, "deal"}};
  for (const auto& [import, name] : kinds) {
    for (const model::Field& field : model::schema().kind(std::string_view(name))->message->fields) {
      SCOPED_TRACE(name + "." + field.name);
      if (!is_plain_cell(field)) continue;
      EXPECT_EQ(field_of_header(import, field.name) != nullptr, field.name != "portal_user_id");
    }
  }
}

TEST(ImportFields, AreNamedOnce) {
  for (const ImportKind kind : {ImportKind::kContacts, ImportKind::kDeals}) {
    for (const ImportField& field : import_fields(kind)) {
      const auto is_same = [&](const ImportField& other) { return other.name == field.name; };
      EXPECT_EQ(std::ranges::count_if(import_fields(kind), is_same), 1) << field.name;
      EXPECT_EQ(field_of_header(kind, field.name), &field) << field.name;
    }
  }
}

TEST(ImportFields, AreNoIdsAndNothingThatIsDecidedElsewhere) {
  for (const std::string_view name :
       {"source", "company_id", "owner_id", "is_subscribed", "merged_into", "email_key"}) {
    EXPECT_EQ(find_import_field(ImportKind::kContacts, name), nullptr) << name;
  }
  EXPECT_EQ(find_import_field(ImportKind::kDeals, "stage_entered_at"), nullptr);
}

}  // namespace
}  // namespace daybook::domain
