#include "consumers/mail/quoted_printable.h"

#include <gtest/gtest.h>

namespace daybook::consumers {
namespace {

TEST(QuotedPrintable, KeepsPlainAscii) { EXPECT_EQ(quoted_printable("a b\tc.\n"), "a b\tc.\r\n"); }
TEST(QuotedPrintable, EncodesTheEqualsSign) { EXPECT_EQ(quoted_printable("a=b\n"), "a=3Db\r\n"); }
TEST(QuotedPrintable, EncodesUtf8OctetByOctet) { EXPECT_EQ(quoted_printable("€\n"), "=E2=82=AC\r\n"); }
TEST(QuotedPrintable, EncodesBlanksAtALinesEnd) { EXPECT_EQ(quoted_printable("a \nb\t\n"), "a=20\r\nb=09\r\n"); }
TEST(QuotedPrintable, TakesCrLfAsOneLineEnd) { EXPECT_EQ(quoted_printable("a\r\nb\r\n"), "a\r\nb\r\n"); }
TEST(QuotedPrintable, EncodesALoneCr) { EXPECT_EQ(quoted_printable("a\rb\r"), "a=0Db=0D\r\n"); }
TEST(QuotedPrintable, EncodesNul) { EXPECT_EQ(quoted_printable(std::string_view("a\0b", 3)), "a=00b\r\n"); }
TEST(QuotedPrintable, EndsTheLastLine) { EXPECT_EQ(quoted_printable("a"), "a\r\n"); }
TEST(QuotedPrintable, OfNothingIsNothing) { EXPECT_EQ(quoted_printable(""), ""); }

TEST(QuotedPrintable, KeepsALineOf76Octets) {
  EXPECT_EQ(quoted_printable(std::string(76, 'a')), std::string(76, 'a') + "\r\n");
}

TEST(QuotedPrintable, BreaksALongerLineSoftly) {
  EXPECT_EQ(quoted_printable(std::string(77, 'a')), std::string(75, 'a') + "=\r\naa\r\n");
}

TEST(QuotedPrintable, NeverBreaksInsideAnEncodedOctet) {
  EXPECT_EQ(quoted_printable(std::string(74, 'a') + "=b"), std::string(74, 'a') + "=\r\n=3Db\r\n");
}

}  // namespace
}  // namespace daybook::consumers
