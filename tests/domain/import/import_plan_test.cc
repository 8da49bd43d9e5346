#include "domain/import/import_plan.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace daybook::domain {
namespace {

using Outcome = std::expected<ImportPlan, std::vector<ImportProblem>>;
using Codes = std::vector<std::pair<std::string, std::string>>;

Outcome plan(ImportKind kind, const std::string& file, const ImportOptions& options = {}) {
  return build_plan(kind, [&file] { return text_source(file); }, options);
}
Outcome contacts(const std::string& file, const ImportOptions& options = {}) {
  return plan(ImportKind::kContacts, file, options);
}
Outcome deals(const std::string& file, const ImportOptions& options = {}) {
  return plan(ImportKind::kDeals, file, options);
}

Codes problems(const Outcome& outcome) {
  Codes codes;
  if (outcome) return codes;
  for (const ImportProblem& problem : outcome.error()) codes.emplace_back(problem.pointer, problem.code);
  return codes;
}

TEST(ImportPlan, TellsWhatItFound) {
  const Outcome found = contacts(
      "\xEF\xBB\xBF"
      "First Name;Last Name;E-Mail;Shoe size\nJane;Smith;j@x.org;39\n\nJo;;;\n");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->csv, (CsvFormat{TextEncoding::kUtf8, ';'}));
  EXPECT_EQ(found->rows, 2U);
  EXPECT_EQ(found->header, (std::vector<std::string>{"First Name", "Last Name", "E-Mail", "Shoe size"}));
  EXPECT_EQ(found->find("email")->column, 2U);
  EXPECT_EQ(found->find("phone"), nullptr);
  EXPECT_EQ(found->unmapped, (std::vector<UnmappedColumn>{{3, "Shoe size", ""}}));
  EXPECT_EQ(found->profiles.size(), 3U);
  EXPECT_TRUE(found->warnings.empty());
}

TEST(ImportPlan, PreviewsTheFirstTenRows) {
  const Outcome found = contacts("email\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->rows, 11U);
  ASSERT_EQ(found->preview.size(), 10U);
  EXPECT_EQ(found->preview.back(), std::vector<std::string>{"10"});
}

TEST(ImportPlan, WarnsWhenReadAsWindows1252) {
  const Outcome found = contacts("email,name\nj@x.org,Ren\xE9 M\xFCller\n");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->warnings.size(), 1U);
  EXPECT_EQ(found->warnings.front().code, "read_as_windows_1252");
  EXPECT_EQ(found->preview.front().back(), "Ren\xC3\xA9 M\xC3\xBCller");
}

TEST(ImportPlan, AcceptsAHeaderWithoutRows) { EXPECT_EQ(contacts("email\n")->rows, 0U); }

TEST(ImportPlan, RefusesAnEmptyFile) {
  EXPECT_EQ(problems(contacts("")), (Codes{{"", "unreadable_file"}}));
  EXPECT_EQ(problems(contacts("\xEF\xBB\xBF\n\n")), (Codes{{"", "unreadable_file"}}));
}

TEST(ImportPlan, RefusesAnUnreadableFileWithRowAndByte) {
  const Outcome found = contacts("email\na@x.org\n\"b@x.org\n");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().front().code, "unreadable_file");
  EXPECT_EQ(found.error().front().detail, "Row 3, byte 14: A quote is opened here and never closed.");
}

TEST(ImportPlan, NamesEveryColumnThatDealsMiss) {
  EXPECT_EQ(problems(deals("foo,bar\n1,2\n")), (Codes{{"/columns/title", "import_needs_options"},
                                                      {"/columns/value", "import_needs_options"},
                                                      {"/columns/stage", "import_needs_options"}}));
}

TEST(ImportPlan, TakesADefaultForAMissingColumn) {
  ImportOptions options;
  options.defaults = {{"value", "0"}, {"stage", "lead"}};
  const Outcome found = deals("title\nFleet\n", options);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->find("value")->column, std::nullopt);
  EXPECT_EQ(found->find("value")->default_text, "0");
}

TEST(ImportPlan, NeedsAColumnThatIdentifiesContacts) {
  EXPECT_EQ(problems(contacts("phone,city\n1,2\n")), (Codes{{"/columns/email", "import_needs_options"}}));
}

TEST(ImportPlan, HoldsContactsToTheProfileAskedFor) {
  ImportOptions options;
  options.profile = ImportProfile::kNames;
  EXPECT_EQ(problems(contacts("email,first name\na@x.org,A\n", options)),
            (Codes{{"/columns/last_name", "import_needs_options"}}));
  EXPECT_EQ(contacts("name\nA B\n", options)->profiles, std::vector{ImportProfile::kNames});
}

TEST(ImportPlan, DecidesFormatsPerColumn) {
  const Outcome found = deals(
      "title;value;stage;close date;closed at\n"
      "Fleet;1.234,50;won;03/04/2024;12/31/2024 2:30 PM\n"
      "Park;99,00;won;31/12/2024;2024-01-02\n");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->find("value")->number_format, NumberFormat::kComma);
  EXPECT_EQ(found->find("expected_close_date")->date_order, DateOrder::kDayFirst);
  EXPECT_EQ(found->find("closed_at")->date_order, DateOrder::kMonthFirst);
}

TEST(ImportPlan, AsksForWhatTheColumnsLeaveOpen) {
  const std::string file = "title;value;stage;close date\nFleet;1,234;won;03/04/2024\n";
  EXPECT_EQ(problems(deals(file)),
            (Codes{{"/date_order", "import_needs_options"}, {"/number_format", "import_needs_options"}}));

  ImportOptions options;
  options.date_order = DateOrder::kMonthFirst;
  options.number_format = NumberFormat::kComma;
  const Outcome found = deals(file, options);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->find("value")->number_format, NumberFormat::kComma);
  EXPECT_EQ(found->find("expected_close_date")->date_order, DateOrder::kMonthFirst);
}

TEST(ImportPlan, NamesTheRowsOfAContradiction) {
  const Outcome found = deals("title;value;stage;close date\na;1;won;31/12/2024\nb;2;won;12/31/2024\n");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().front().pointer, "/date_order");
  EXPECT_TRUE(found.error().front().detail.contains("row 2"));
  EXPECT_TRUE(found.error().front().detail.contains("row 3"));
}

TEST(ImportPlan, LeavesBadValuesToTheirRows) {
  EXPECT_TRUE(deals("title,value,stage\nFleet,tbd,won\n"));
  EXPECT_TRUE(deals("title,value,stage\nFleet,tbd,won\nPark,12.50,won\n"));
}

TEST(ImportPlan, DoesNotJudgeWhatTheOptionsReplace) {
  ImportOptions options;
  options.values["value"] = {{"1,234", "1234"}};
  EXPECT_TRUE(deals("title;value;stage\nFleet;1,234;won\n", options));
}

TEST(ImportPlan, DoesNotJudgeRowsWithTooManyCells) {
  EXPECT_EQ(deals("title,value,stage\nFleet,\"12,50\",won\nPark,1.5,won,x\n")->find("value")->number_format,
            NumberFormat::kComma);
}

TEST(ImportPlan, ReportsEveryWrongOptionAtOnce) {
  ImportOptions options;
  options.columns = {{"titel", "x"}, {"stage", "nowhere"}};
  options.defaults = {{"worth", "0"}, {"value", "1,5"}};
  options.values["stages"] = {{"A", "won"}};
  options.values["closed_at"] = {{"now", "today"}};
  EXPECT_EQ(problems(deals("x\n1\n", options)), (Codes{{"/defaults/value", "invalid_value"},
                                                       {"/defaults/worth", "unknown_field"},
                                                       {"/values/closed_at/now", "invalid_value"},
                                                       {"/values/stages/A", "unknown_field"},
                                                       {"/columns/stage", "not_found"},
                                                       {"/columns/titel", "unknown_field"}}));
}

}  // namespace
}  // namespace daybook::domain
