#include "domain/import/text_encoding.h"

#include <gtest/gtest.h>

#include <string>

namespace daybook::domain {
namespace {

bool is_utf8(std::string_view text) {
  Utf8Check check;
  check.feed(text);
  return check.complete();
}

std::string from_windows_1252(unsigned char byte) {
  std::string out;
  append_windows_1252(out, byte);
  return out;
}

TEST(Utf8Check, AcceptsCharactersOfEveryLength) {
  EXPECT_TRUE(is_utf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 and more"));
}

TEST(Utf8Check, AcceptsACharacterCutBetweenTwoPieces) {
  Utf8Check check;
  check.feed("caf\xE2\x82");
  EXPECT_FALSE(check.complete());
  check.feed("\xAC");
  EXPECT_TRUE(check.complete());
}

TEST(Utf8Check, RefusesOverlongForms) {
  EXPECT_FALSE(is_utf8("\xC0\xAF"));
  EXPECT_FALSE(is_utf8("\xE0\x80\xAF"));
  EXPECT_FALSE(is_utf8("\xF0\x80\x80\xAF"));
}

TEST(Utf8Check, RefusesSurrogatesAndWhatLiesBeyondUnicode) {
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));
}

TEST(Utf8Check, RefusesLoneContinuationBytes) { EXPECT_FALSE(is_utf8("abcdefghijkl\x80")); }

TEST(Windows1252, GivesEuroSignsQuotesAndLatinLetters) {
  EXPECT_EQ(from_windows_1252(0x80), "\xE2\x82\xAC");
  EXPECT_EQ(from_windows_1252(0x92), "\xE2\x80\x99");
  EXPECT_EQ(from_windows_1252(0x9F), "\xC5\xB8");
  EXPECT_EQ(from_windows_1252(0xE9), "\xC3\xA9");
  EXPECT_EQ(from_windows_1252(0xFF), "\xC3\xBF");
}

TEST(Windows1252, GivesControlsForTheBytesLeftOpen) { EXPECT_EQ(from_windows_1252(0x81), "\xC2\x81"); }

}  // namespace
}  // namespace daybook::domain
