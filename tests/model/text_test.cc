#include "model/text.h"

#include <gmock/gmock.h>

namespace daybook::model {
namespace {

using testing::ElementsAre;

TEST(Text, CountsCodePointsNotBytes) { EXPECT_EQ(code_points("aß€😀"), 4U); }

TEST(Text, AcceptsEveryLengthOfUtf8) { EXPECT_TRUE(is_valid_utf8("plain ASCII, ß, €, 😀")); }
TEST(Text, RefusesOverlongUtf8) { EXPECT_FALSE(is_valid_utf8("\xC0\xAF")); }
TEST(Text, RefusesSurrogatesInUtf8) { EXPECT_FALSE(is_valid_utf8("\xED\xA0\x80")); }
TEST(Text, RefusesCutOffUtf8) { EXPECT_FALSE(is_valid_utf8("cut \xE2\x82")); }

TEST(Text, NfcComposesLetterAndAccent) { EXPECT_EQ(nfc("e\u0301"), "\u00e9"); }

TEST(Text, FoldMakesStrasseOneName) { EXPECT_EQ(fold("STRASSE"), fold("Straße")); }
TEST(Text, FoldSqueezesAndTrimsWhiteSpace) { EXPECT_EQ(fold("  Acme \t\n Ltd\u00a0"), "acme ltd"); }
TEST(Text, FoldTakesWideLettersAsPlainOnes) { EXPECT_EQ(fold("\uff21cme"), "acme"); }
TEST(Text, FoldKeepsAccents) { EXPECT_NE(fold("José"), fold("Jose")); }
TEST(Text, FoldOfBytesThatAreNoTextIsHarmless) { EXPECT_EQ(fold("a\xff"), "a\ufffd"); }

TEST(SearchWords, AreFoldedAndSplitAtPunctuation) {
  EXPECT_THAT(search_words("Müller-Lüdenscheidt, O'Brien"), ElementsAre("brien", "ludenscheidt", "muller", "o"));
}
TEST(SearchWords, LoseAccentsAndStrokes) {
  EXPECT_THAT(search_words("Łukasz Øystein"), ElementsAre("lukasz", "oystein"));
}
TEST(SearchWords, KeepTheVoicingOfKana) { EXPECT_THAT(search_words("ガ"), ElementsAre("ガ")); }
TEST(SearchWords, KeepHangulSyllablesWhole) { EXPECT_THAT(search_words("김철수"), ElementsAre("김철수")); }
TEST(SearchWords, OfAnAddressAreItsPartsTooAndTheWhole) {
  EXPECT_THAT(search_words("Jane.Doe@my-mail.Example.com"),
              ElementsAre("com", "doe", "example", "jane", "jane.doe", "jane.doe@my-mail.example.com", "mail", "my",
                          "my-mail"));
}
TEST(SearchWords, OfNothingAreNone) { EXPECT_THAT(search_words(" - "), ElementsAre()); }

TEST(QueryWords, KeepACutOffAddressWhole) { EXPECT_THAT(query_words("Jane.Doe@Exa"), ElementsAre("jane.doe@exa")); }
TEST(QueryWords, SplitNamesAsTheyAreStored) { EXPECT_THAT(query_words("o'brien"), ElementsAre("brien", "o")); }

TEST(Email, AcceptsWhatBrowsersAccept) {
  EXPECT_TRUE(is_email("jane@example.com"));
  EXPECT_TRUE(is_email("jane.o'neil+tag@mail.example.co.uk"));
  EXPECT_TRUE(is_email("..@localhost"));
}
TEST(Email, RefusesWhatBrowsersRefuse) {
  EXPECT_FALSE(is_email("jane"));
  EXPECT_FALSE(is_email("@example.com"));
  EXPECT_FALSE(is_email("jane@"));
  EXPECT_FALSE(is_email("jane doe@example.com"));
  EXPECT_FALSE(is_email("jane@@example.com"));
  EXPECT_FALSE(is_email("jane@-example.com"));
  EXPECT_FALSE(is_email("jane@example..com"));
  EXPECT_FALSE(is_email("jane@example.com."));
  EXPECT_FALSE(is_email("jané@example.com"));
}
TEST(Email, AcceptsInternationalDomains) { EXPECT_TRUE(is_email("jane@bücher.example")); }
TEST(Email, RefusesDomainsThatUts46Refuses) { EXPECT_FALSE(is_email("jane@\u0301bc.example")); }
TEST(Email, TakesAtMost254Octets) {
  const std::string domain = "@" + std::string(63, 'a') + "." + std::string(63, 'b') + "." + std::string(60, 'c');
  EXPECT_TRUE(is_email(std::string(254 - domain.size(), 'x') + domain));
  EXPECT_FALSE(is_email(std::string(255 - domain.size(), 'x') + domain));
}
TEST(Email, LabelsTakeAtMost63Octets) { EXPECT_FALSE(is_email("jane@" + std::string(64, 'a') + ".com")); }

TEST(EmailKey, IsTrimmedAndLowerCase) { EXPECT_EQ(email_key(" Jane@EXAMPLE.Com\u00a0"), "jane@example.com"); }
TEST(EmailKey, WritesTheDomainInAscii) { EXPECT_EQ(email_key("Jane@BÜCHER.example"), "jane@xn--bcher-kva.example"); }
TEST(EmailKey, IsTheSameForComposedAndDecomposedDomains) {
  EXPECT_EQ(email_key("a@bu\u0308cher.example"), email_key("a@b\u00fccher.example"));
}
TEST(EmailKey, KeepsSharpSApartFromDoubleS) {
  EXPECT_NE(email_key("a@straße.example"), email_key("a@strasse.example"));
}
TEST(EmailKey, IsNothingForWhatIsNoAddress) { EXPECT_EQ(email_key("jane"), std::nullopt); }

TEST(Trim, TakesUnicodeWhiteSpaceOffBothEnds) { EXPECT_EQ(trim("\u2003 a b \u3000"), "a b"); }
TEST(Trim, LeavesNothingOfWhiteSpace) { EXPECT_EQ(trim(" \t "), ""); }

TEST(TimeZone, IsANameOfTheDatabase) {
  EXPECT_TRUE(is_time_zone("Europe/Berlin"));
  EXPECT_TRUE(is_time_zone("UTC"));
}
TEST(TimeZone, IsNeitherAnAbbreviationNorAnOffset) {
  EXPECT_FALSE(is_time_zone("BST"));
  EXPECT_FALSE(is_time_zone("GMT+5"));
  EXPECT_FALSE(is_time_zone("europe/berlin"));
}

}  // namespace
}  // namespace daybook::model
