#include "domain/import/csv_writer.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "domain/import/csv_reader.h"

namespace daybook::domain {
namespace {

std::string written(const std::vector<std::string_view>& cells, const CsvStyle& style = {}) {
  std::string out;
  append_csv_record(out, cells, style);
  return out;
}

TEST(CsvWriter, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(written({"plain", "a,b", "say \"hi\"", "two\nlines", "O'Neil", ""}),
            "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",O'Neil,\r\n");
}

TEST(CsvWriter, QuotesOuterWhiteSpace) { EXPECT_EQ(written({" a", "b "}), "\" a\",\"b \"\r\n"); }

TEST(CsvWriter, QuotesALoneEmptyCell) { EXPECT_EQ(written({""}), "\"\"\r\n"); }

TEST(CsvWriter, EndsRecordsWithLfWhenAsked) { EXPECT_EQ(written({"a"}, {.crlf = false}), "a\n"); }

TEST(CsvWriter, QuotesTheDelimiterInUseOnly) {
  EXPECT_EQ(written({"a,b", "c;d"}, {.delimiter = ';'}), "a,b;\"c;d\"\r\n");
}

TEST(CsvWriter, GuardsFormulas) {
  EXPECT_EQ(written({"=1", "+49", "-5", "@x", "\tx", "\rx", "a=1"}), "'=1,'+49,'-5,'@x,\"'\tx\",\"'\rx\",a=1\r\n");
}

TEST(CsvWriter, GuardsWhatAlreadyLooksGuarded) { EXPECT_EQ(written({"'=1"}), "''=1\r\n"); }

TEST(CsvWriter, LeavesFormulasAloneWhenAsked) { EXPECT_EQ(written({"=1"}, {.guard_formulas = false}), "=1\r\n"); }

/// Cells of the characters that mean something to CSV, and a few that don't.
std::vector<std::string> random_cells(std::mt19937& random, std::size_t count) {
  constexpr std::string_view kAlphabet = "ab'\"=+-@,;\t\r\n \xC3\xA9";
  std::vector<std::string> cells(count);
  for (std::string& cell : cells) {
    for (std::size_t length = random() % 6; length != 0; --length) cell += kAlphabet[random() % kAlphabet.size()];
  }
  return cells;
}

TEST(CsvWriter, WritesWhatTheReaderReadsBack) {
  std::mt19937 random(20240229);
  for (int round = 0; round < 3000; ++round) {
    const std::size_t columns = 1 + random() % 4;
    const CsvStyle style{.delimiter = ",;\t"[random() % 3], .crlf = random() % 2 == 0};
    std::string file;
    std::vector<std::vector<std::string>> rows;
    for (std::size_t row = 0; row < 4; ++row) {
      rows.push_back(random_cells(random, columns));
      append_csv_record(file, std::vector<std::string_view>(rows.back().begin(), rows.back().end()), style);
    }
    CsvReader reader(text_source(file), {.encoding = TextEncoding::kUtf8, .delimiter = style.delimiter});
    CsvRecord record;
    for (const std::vector<std::string>& row : rows) {
      ASSERT_TRUE(reader.next(record).value()) << file;
      ASSERT_EQ(std::vector<std::string>(record.cells.begin(), record.cells.end()), row) << file;
    }
    ASSERT_FALSE(reader.next(record).value()) << file;
  }
}

}  // namespace
}  // namespace daybook::domain
