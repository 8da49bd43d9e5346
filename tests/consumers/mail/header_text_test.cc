#include "consumers/mail/header_text.h"

#include <gmock/gmock.h>

namespace daybook::consumers {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(UnstructuredWords, OfPlainTextAreTheText) {
  EXPECT_THAT(unstructured_words("Deal won: Roof"), ElementsAre("Deal", "won:", "Roof"));
}

TEST(UnstructuredWords, OfNothingAreNone) { EXPECT_THAT(unstructured_words(""), IsEmpty()); }

TEST(UnstructuredWords, HoldNoLineBreakAlsoOnceDecoded) {
  EXPECT_THAT(unstructured_words("Roof\r\nBcc:"), ElementsAre("=?UTF-8?B?Um9vZiAgQmNjOg==?="));
  EXPECT_THAT(phrase_words("Ann\nLee"), ElementsAre("Ann", "Lee"));
}

TEST(UnstructuredWords, NeverSplitACharacter) {
  // 44 octets before the ë, of which only the first would fit.
  EXPECT_THAT(
      unstructured_words("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaë"),
      ElementsAre("=?UTF-8?B?YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=?=", "=?UTF-8?B?w6s=?="));
}

TEST(UnstructuredWords, EncodeAWordTooLongToFold) {
  EXPECT_THAT(unstructured_words(std::string(61, 'a')),
              ElementsAre("=?UTF-8?B?YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh?=",
                          "=?UTF-8?B?YWFhYWFhYWFhYWFhYWFhYQ==?="));
}

TEST(UnstructuredWords, EncodeWhatLooksEncoded) {
  EXPECT_THAT(unstructured_words("=?UTF-8?Q?x?="), ElementsAre("=?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?="));
}

TEST(UnstructuredWords, EncodeDoubleSpaces) {
  EXPECT_THAT(unstructured_words("a  b"), ElementsAre("=?UTF-8?B?YSAgYg==?="));
}

TEST(UnstructuredWords, HoldSpacesForTabsAndEscapes) {
  EXPECT_THAT(unstructured_words("a\tb\x1b"), ElementsAre("=?UTF-8?B?YSBiIA==?="));
}

TEST(UnstructuredWords, TakeOctetsThatAreNotUtf8) {
  EXPECT_THAT(unstructured_words(std::string(50, '\x80')).size(), 2);
}

TEST(PhraseWords, OfAPlainNameAreTheName) { EXPECT_THAT(phrase_words("Ann Smith"), ElementsAre("Ann", "Smith")); }

TEST(PhraseWords, WithACommaAreOneQuotedString) {
  EXPECT_THAT(phrase_words("Smith, Ann"), ElementsAre("\"Smith, Ann\""));
}

TEST(PhraseWords, EscapeQuotesAndBackslashes) {
  EXPECT_THAT(phrase_words(R"(Ann "Roof\" Smith)"), ElementsAre(R"("Ann \"Roof\\\" Smith")"));
}

TEST(PhraseWords, QuoteWhatWouldBeAnAddress) {
  EXPECT_THAT(phrase_words("<eve@evil.test>,"), ElementsAre("\"<eve@evil.test>,\""));
}

TEST(PhraseWords, OutsideAsciiAreEncoded) { EXPECT_THAT(phrase_words("Zoë"), ElementsAre("=?UTF-8?B?Wm/Dqw==?=")); }

TEST(FoldedHeader, StaysOnOneLineUpToColumn78) {
  EXPECT_EQ(folded_header("Subject", {std::string(60, 'a'), "12345678"}),
            "Subject: " + std::string(60, 'a') + " 12345678\r\n");
}

TEST(FoldedHeader, FoldsBeforeTheWordThatWouldPassColumn78) {
  EXPECT_EQ(folded_header("Subject", {std::string(60, 'a'), "123456789", "b"}),
            "Subject: " + std::string(60, 'a') + "\r\n 123456789 b\r\n");
}

TEST(Rfc5322Date, OfTheEpoch) { EXPECT_EQ(rfc5322_date(0), "Thu, 01 Jan 1970 00:00:00 +0000"); }
TEST(Rfc5322Date, OfALeapDay) { EXPECT_EQ(rfc5322_date(1709251199), "Thu, 29 Feb 2024 23:59:59 +0000"); }

}  // namespace
}  // namespace daybook::consumers
