#include "domain/import/csv_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace daybook::domain {
namespace {

using Cells = std::vector<std::string>;
using Records = std::vector<Cells>;

Records read_all(const std::string& text, CsvFormat format = {}) {
  CsvReader reader(text_source(text), format);
  CsvRecord record;
  Records records;
  while (reader.next(record).value()) records.emplace_back(record.cells.begin(), record.cells.end());
  return records;
}

CsvError error_of(const std::string& text) {
  CsvReader reader(text_source(text), {});
  CsvRecord record;
  for (;;) {
    const auto read = reader.next(record);
    if (!read) return read.error();
    if (!*read) return {};
  }
}

TEST(CsvReader, SplitsCellsAndRecords) { EXPECT_EQ(read_all("a,b\n1,2\n"), (Records{{"a", "b"}, {"1", "2"}})); }

TEST(CsvReader, ReadsLastRecordWithoutLineEnd) { EXPECT_EQ(read_all("a,b\n1,2"), (Records{{"a", "b"}, {"1", "2"}})); }

TEST(CsvReader, TakesEveryLineEndInOneFile) {
  EXPECT_EQ(read_all("a\r\n1\r2\n3\n\r4\r"), (Records{{"a"}, {"1"}, {"2"}, {"3"}, {"4"}}));
}

TEST(CsvReader, KeepsNewlinesDelimitersAndDoubledQuotesInsideQuotes) {
  EXPECT_EQ(read_all("a,b\n\"x\r\ny,\"\"z\"\"\",2\n"), (Records{{"a", "b"}, {"x\r\ny,\"z\"", "2"}}));
}

TEST(CsvReader, TakesAQuoteInsideAnUnquotedCellAsItStands) {
  EXPECT_EQ(read_all("a,b\n5\" pipe,2\n"), (Records{{"a", "b"}, {"5\" pipe", "2"}}));
}

TEST(CsvReader, TakesTextAfterAClosingQuoteAsItStands) {
  EXPECT_EQ(read_all("a,b\n\"x\"y\"z,2\n"), (Records{{"a", "b"}, {"xy\"z", "2"}}));
}

TEST(CsvReader, KeepsWhiteSpaceOfCells) { EXPECT_EQ(read_all(" a , b\n"), (Records{{" a ", " b"}})); }

TEST(CsvReader, SkipsAByteOrderMark) { EXPECT_EQ(read_all("\xEF\xBB\xBF\"a\",b\n"), (Records{{"a", "b"}})); }

TEST(CsvReader, ReadsAFileOfOnlyAByteOrderMarkAsEmpty) { EXPECT_EQ(read_all("\xEF\xBB\xBF"), Records{}); }

TEST(CsvReader, ReadsAnEmptyFileAsNoRecord) { EXPECT_EQ(read_all(""), Records{}); }

TEST(CsvReader, SkipsBlankLines) { EXPECT_EQ(read_all("\n\na,b\n  \n1,2\n\n\n"), (Records{{"a", "b"}, {"1", "2"}})); }

TEST(CsvReader, KeepsAQuotedEmptyCellOnALineOfItsOwn) { EXPECT_EQ(read_all("a\n\"\"\n"), (Records{{"a"}, {""}})); }

TEST(CsvReader, KeepsARecordOfEmptyCells) { EXPECT_EQ(read_all("a,b\n,\n"), (Records{{"a", "b"}, {"", ""}})); }

TEST(CsvReader, SplitsAtTheGivenDelimiterOnly) {
  EXPECT_EQ(read_all("a;b\n1,5;2\t3\n", {.encoding = TextEncoding::kUtf8, .delimiter = ';'}),
            (Records{{"a", "b"}, {"1,5", "2\t3"}}));
}

TEST(CsvReader, TurnsWindows1252IntoUtf8InsideAndOutsideQuotes) {
  EXPECT_EQ(read_all("M\xFCller,\"\x80 5\"\n", {.encoding = TextEncoding::kWindows1252, .delimiter = ','}),
            (Records{{"M\xC3\xBCller", "\xE2\x82\xAC 5"}}));
}

TEST(CsvReader, PadsShortRecordsToTheHeader) {
  EXPECT_EQ(read_all("a,b,c\n1\n"), (Records{{"a", "b", "c"}, {"1", "", ""}}));
}

TEST(CsvReader, CountsCellsBeyondTheHeader) {
  CsvReader reader(text_source("a,b\n1,2,3,4\n"), {});
  CsvRecord record;
  ASSERT_TRUE(reader.next(record).value());
  ASSERT_TRUE(reader.next(record).value());
  EXPECT_EQ(record.surplus, 2U);
  EXPECT_EQ(record.written, 4U);
}

TEST(CsvReader, LeavesOutEmptyCellsBeyondTheHeader) {
  CsvReader reader(text_source("a,b\n1,2,,\n"), {});
  CsvRecord record;
  ASSERT_TRUE(reader.next(record).value());
  ASSERT_TRUE(reader.next(record).value());
  EXPECT_EQ(record.surplus, 0U);
  EXPECT_EQ(record.cells.size(), 2U);
}

TEST(CsvReader, NumbersRecordsNotLines) {
  CsvReader reader(text_source("a\n\n\"x\ny\"\nz\n"), {});
  CsvRecord record;
  ASSERT_TRUE(reader.next(record).value());
  EXPECT_EQ(record.row, 1U);
  ASSERT_TRUE(reader.next(record).value());
  ASSERT_TRUE(reader.next(record).value());
  EXPECT_EQ(record.row, 3U);
}

TEST(CsvReader, TakesTheGuardOffFormulas) {
  EXPECT_EQ(read_all("'=1,'+2,'-3,'@x,\"'\tx\",\"'\rx\"\n"), (Records{{"=1", "+2", "-3", "@x", "\tx", "\rx"}}));
}

TEST(CsvReader, KeepsOtherApostrophes) {
  EXPECT_EQ(read_all("'quoted',O'Neil,',''\n"), (Records{{"'quoted'", "O'Neil", "'", "''"}}));
}

TEST(CsvReader, ReadsTheSameFromOneByteAtATime) {
  const std::string text =
      "\xEF\xBB\xBF"
      "a,\"b\r\n\"\"c\"\r\n1,2\r\n";
  CsvReader reader([&text, at = std::size_t{0}](std::span<char> out) mutable { return text.copy(out.data(), 1, at++); },
                   {});
  CsvRecord record;
  ASSERT_TRUE(reader.next(record).value());
  EXPECT_EQ(Cells(record.cells.begin(), record.cells.end()), (Cells{"a", "b\r\n\"c"}));
  ASSERT_TRUE(reader.next(record).value());
  EXPECT_EQ(Cells(record.cells.begin(), record.cells.end()), (Cells{"1", "2"}));
  EXPECT_FALSE(reader.next(record).value());
}

TEST(CsvReader, SaysWhereAQuoteWasOpenedThatNeverCloses) {
  const CsvError error = error_of("a,b\n1,\"x\n2,3\n");
  EXPECT_EQ(error.code, "unterminated_quote");
  EXPECT_EQ(error.row, 2U);
  EXPECT_EQ(error.byte, 6U);
}

TEST(CsvReader, RefusesNulBytes) {
  const CsvError error = error_of(std::string("a,b\n1,\0\n", 8));
  EXPECT_EQ(error.code, "nul_byte");
  EXPECT_EQ(error.row, 2U);
  EXPECT_EQ(error.byte, 6U);
}

TEST(CsvReader, RefusesUtf16OfEitherByteOrderAndSaysWhatToDo) {
  EXPECT_EQ(error_of(std::string("\xFF\xFE"
                                 "a\0",
                                 4))
                .code,
            "utf16");
  EXPECT_EQ(error_of(std::string("\xFE\xFF\0a", 4)).code, "utf16");
  EXPECT_TRUE(error_of("\xFF\xFE").detail.contains("UTF-8"));
}

TEST(CsvReader, ReadsARecordOfTheLongestLengthAndRefusesOneByteMore) {
  EXPECT_EQ(error_of("a\n" + std::string(kCsvRecordBytes, 'x') + "\n"), CsvError{});
  const CsvError error = error_of("a\n" + std::string(kCsvRecordBytes + 1, 'x') + "\n");
  EXPECT_EQ(error.code, "record_too_long");
  EXPECT_EQ(error.row, 2U);
  EXPECT_EQ(error.byte, 2U);
}

TEST(CsvReader, ReadsAThousandColumnsAndRefusesOneMore) {
  EXPECT_EQ(error_of(std::string(kCsvColumns - 1, ',') + "\n"), CsvError{});
  EXPECT_EQ(error_of(std::string(kCsvColumns, ',') + "\n").code, "too_many_columns");
}

TEST(CsvReader, GivesTheSameErrorAgain) {
  CsvReader reader(text_source("\"a"), {});
  CsvRecord record;
  const auto first = reader.next(record);
  const auto second = reader.next(record);
  ASSERT_FALSE(first);
  ASSERT_FALSE(second);
  EXPECT_EQ(first.error(), second.error());
}

}  // namespace
}  // namespace daybook::domain
