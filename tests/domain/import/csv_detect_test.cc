#include "domain/import/csv_detect.h"

#include <gtest/gtest.h>

#include <string>

namespace daybook::domain {
namespace {

CsvFormat detected(const std::string& text) { return detect_csv(text_source(text)).format; }

TEST(CsvDetect, FindsEachDelimiter) {
  EXPECT_EQ(detected("a,b\n1,2\n").delimiter, ',');
  EXPECT_EQ(detected("a;b\n1;2\n").delimiter, ';');
  EXPECT_EQ(detected("a\tb\n1\t2\n").delimiter, '\t');
}

TEST(CsvDetect, IsNotMisledByDecimalCommas) {
  EXPECT_EQ(detected("title;value;stage\nFleet;1.234,50;won\nPark;99,00;lost\n").delimiter, ';');
}

TEST(CsvDetect, IsNotMisledByDelimitersInsideQuotes) {
  EXPECT_EQ(detected("name,\"a;b;c;d\"\n\"x;y;z\",\"1;2\"\n").delimiter, ',');
}

TEST(CsvDetect, IsNotMisledByADelimiterInOneHeader) {
  EXPECT_EQ(detected("title;value, net\nFleet;5\nPark;6\n").delimiter, ';');
  EXPECT_EQ(detected("title,notes; more\nFleet,x\nPark,y\n").delimiter, ',');
}

TEST(CsvDetect, LeavesAColumnOfItsOwnWhole) {
  EXPECT_NE(detected("name\n\"Doe; J\"\nSmith, Jane\nDoe, John\n").delimiter, ',');
}

TEST(CsvDetect, SaysUtf8WhenAllOfItIs) {
  EXPECT_EQ(detected("name\nM\xC3\xBCller\n").encoding, TextEncoding::kUtf8);
  EXPECT_EQ(detected("\xEF\xBB\xBFname\nx\n").encoding, TextEncoding::kUtf8);
}

TEST(CsvDetect, SaysWindows1252ForOneWrongByteFarBehind) {
  const std::string file = "name\n" + std::string(300'000, 'x') + "\nM\xFCller\n";
  EXPECT_EQ(detected(file).encoding, TextEncoding::kWindows1252);
}

TEST(CsvDetect, SaysWindows1252ForACharacterCutAtTheEnd) {
  EXPECT_EQ(detected("name\ncaf\xC3").encoding, TextEncoding::kWindows1252);
}

TEST(CsvDetect, CountsTheBytesOfTheFile) { EXPECT_EQ(detect_csv(text_source("a,b\n1,2\n")).bytes, 8U); }

TEST(CsvDetect, ReadsAnEmptyFileAsCommaSeparatedUtf8) { EXPECT_EQ(detected(""), CsvFormat{}); }

}  // namespace
}  // namespace daybook::domain
