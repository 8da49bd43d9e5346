#include "domain/import/row_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace daybook::domain {
namespace {

/// A planned file of deals, and its rows one after the other.
struct Deals {
  Deals(const std::string& file, const ImportOptions& options)
      : plan(build_plan(
                 ImportKind::kDeals, [&file] { return text_source(file); }, options)
                 .value()),
        reader(plan, text_source(file)) {}

  bool next() { return reader.next(row).value(); }
  std::string text(std::string_view field) const { return std::string(text_of(plan, row, field)); }
  std::string amount() const {
    for (std::size_t at = 0; at < plan.fields.size(); ++at) {
      if (plan.fields[at].name != "value") continue;
      const auto found = amount_of(plan.fields[at], row.cells[at]);
      return found ? to_text(found->number) : "none";
    }
    return "no field";
  }

  ImportPlan plan;
  ImportReader reader;
  ImportRow row;
};

TEST(ImportReader, GivesTrimmedCellsByField) {
  Deals deals("stage, title ,value\n won , \"Fleet\" ,5\n", {});
  ASSERT_TRUE(deals.next());
  EXPECT_EQ(deals.row.row, 2U);
  EXPECT_EQ(deals.text("stage"), "won");
  EXPECT_EQ(deals.text("title"), "\"Fleet\"");
  EXPECT_EQ(deals.text("notes"), "");
  EXPECT_FALSE(deals.next());
}

TEST(ImportReader, FillsEmptyAndAbsentCellsFromDefaults) {
  ImportOptions options;
  options.defaults = {{"value", "0"}, {"owner", "Jane"}};
  Deals deals("title,value,stage\nA,  ,won\nB,7,won\n", options);
  ASSERT_TRUE(deals.next());
  EXPECT_EQ(deals.text("value"), "0");
  EXPECT_EQ(deals.text("owner"), "Jane");
  ASSERT_TRUE(deals.next());
  EXPECT_EQ(deals.text("value"), "7");
}

TEST(ImportReader, ReplacesValuesWithoutRegardToCaseAndSpace) {
  ImportOptions options;
  options.values["stage"] = {{" Engaging", "negotiation"}};
  Deals deals("title,value,stage\nA,1,ENGAGING \nB,1,Won\n", options);
  ASSERT_TRUE(deals.next());
  EXPECT_EQ(deals.text("stage"), "negotiation");
  ASSERT_TRUE(deals.next());
  EXPECT_EQ(deals.text("stage"), "Won");
}

TEST(ImportReader, ReplacesDefaultsToo) {
  ImportOptions options;
  options.defaults = {{"stage", "engaging"}};
  options.values["stage"] = {{"Engaging", "negotiation"}};
  Deals deals("title,value\nA,1\n", options);
  ASSERT_TRUE(deals.next());
  EXPECT_EQ(deals.text("stage"), "negotiation");
}

TEST(ImportReader, ReadsAmountsOfTheFileInItsFormatAndThoseOfTheOptionsPlainly) {
  ImportOptions options;
  options.defaults = {{"value", "0.50"}};
  Deals deals("title;value;stage\nA;1.234,50;won\nB;;won\nC;tbd;won\n", options);
  ASSERT_TRUE(deals.next());
  EXPECT_EQ(deals.amount(), "1234.50");
  ASSERT_TRUE(deals.next());
  EXPECT_EQ(deals.amount(), "0.50");
  ASSERT_TRUE(deals.next());
  EXPECT_EQ(deals.amount(), "none");
}

TEST(ImportReader, ShowsRowsWithTooManyCells) {
  Deals deals("title,value,stage\nA,1,won,x,y\n", {});
  ASSERT_TRUE(deals.next());
  EXPECT_EQ(deals.row.surplus, 2U);
  EXPECT_EQ(deals.reader.record().cells.size(), 5U);
}

TEST(ImportReader, CountsRecordsAcrossQuotedNewlines) {
  Deals deals("title,value,stage,notes\r\nA,1,won,\"two\r\nlines\"\r\nB,2,won,\r\n", {});
  ASSERT_TRUE(deals.next());
  EXPECT_EQ(deals.text("notes"), "two\r\nlines");
  ASSERT_TRUE(deals.next());
  EXPECT_EQ(deals.row.row, 3U);
}

TEST(ImportReader, ReadsDatesInTheOrderOfTheirColumn) {
  Deals deals("title,value,stage,close date\nA,1,won,03/04/2024\nB,1,won,31/12/2024\n", {});
  ASSERT_TRUE(deals.next());
  const PlannedField* field = deals.plan.find("expected_close_date");
  const ImportCell cell = deals.row.cells[static_cast<std::size_t>(field - deals.plan.fields.data())];
  EXPECT_EQ(date_of(*field, cell)->date, (CalendarDate{2024, 4, 3}));
}

}  // namespace
}  // namespace daybook::domain
