#include "consumers/mail/message.h"

#include <gmock/gmock.h>

namespace daybook::consumers {
namespace {

using testing::HasSubstr;
using testing::Not;

const Mail kMail{.message_id = "<0197-1@crm.test>",
                 .from = "daybook@crm.test",
                 .to_name = "Ann Smith",
                 .to_address = "ann@acme.test",
                 .subject = "Deal won: Roof",
                 .text = "Hello Ann,\nyour deal is won.\n",
                 .html = "<p class=\"a\">Hello Zoë</p>\n",
                 .date = 1751364000};

std::string composed(const Mail& mail) { return compose(mail).value(); }

TEST(Message, IsTheseBytes) {
  EXPECT_EQ(composed(kMail),
            "Date: Tue, 01 Jul 2025 10:00:00 +0000\r\n"
            "From: daybook@crm.test\r\n"
            "To: Ann Smith <ann@acme.test>\r\n"
            "Message-ID: <0197-1@crm.test>\r\n"
            "Subject: Deal won: Roof\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: multipart/alternative;\r\n"
            " boundary=\"=_daybook_3694151f17be005a\"\r\n"
            "\r\n"
            "--=_daybook_3694151f17be005a\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "\r\n"
            "Hello Ann,\r\n"
            "your deal is won.\r\n"
            "\r\n"
            "--=_daybook_3694151f17be005a\r\n"
            "Content-Type: text/html; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "\r\n"
            "<p class=3D\"a\">Hello Zo=C3=AB</p>\r\n"
            "\r\n"
            "--=_daybook_3694151f17be005a--\r\n");
}

TEST(Message, TheSameMailIsTheSameBytes) { EXPECT_EQ(composed(kMail), composed(kMail)); }

TEST(Message, AnotherMessageIdHasAnotherBoundary) {
  Mail other = kMail;
  other.message_id = "<0197-2@crm.test>";
  EXPECT_THAT(composed(kMail), HasSubstr("=_daybook_3694151f17be005a"));
  EXPECT_THAT(composed(other), Not(HasSubstr("=_daybook_3694151f17be005a")));
}

TEST(Message, TextThatLooksLikeTheBoundaryCannotEndThePart) {
  Mail mail = kMail;
  mail.text = "--=_daybook_3694151f17be005a--\n";
  EXPECT_THAT(composed(mail), HasSubstr("\r\n--=3D_daybook_3694151f17be005a--\r\n"));
}

TEST(Message, WithoutANameTheAddressStandsAlone) {
  Mail mail = kMail;
  mail.to_name = "";
  EXPECT_THAT(composed(mail), HasSubstr("\r\nTo: ann@acme.test\r\n"));
}

TEST(Message, NonAsciiSubjectAndNameAreEncodedWords) {
  Mail mail = kMail;
  mail.to_name = "Zoë Müller";
  mail.subject = "Gewonnen: Dächer";
  EXPECT_THAT(composed(mail), HasSubstr("\r\nTo: =?UTF-8?B?Wm/DqyBNw7xsbGVy?= <ann@acme.test>\r\n"));
  EXPECT_THAT(composed(mail), HasSubstr("\r\nSubject: =?UTF-8?B?R2V3b25uZW46IETDpGNoZXI=?=\r\n"));
}

struct BadHeader {
  std::string name;
  Mail mail;
  std::string error;
};

void PrintTo(const BadHeader& bad, std::ostream* out) { *out << bad.name; }

Mail with(std::string Mail::* field, std::string value) {
  Mail mail = kMail;
  mail.*field = std::move(value);
  return mail;
}

class MessageHeaders : public testing::TestWithParam<BadHeader> {};

TEST_P(MessageHeaders, AreRefusedByName) {
  const auto bytes = compose(GetParam().mail);
  ASSERT_FALSE(bytes.has_value());
  EXPECT_THAT(bytes.error(), HasSubstr(GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(
    WithBreaks, MessageHeaders,
    testing::Values(BadHeader{"CrLfInSubject", with(&Mail::subject, "Won\r\nBcc: eve@evil.test"), "header Subject"},
                    BadHeader{"LfInSubject", with(&Mail::subject, "Won\nBcc: eve@evil.test"), "header Subject"},
                    BadHeader{"CrInSubject", with(&Mail::subject, "Won\rBcc: eve@evil.test"), "header Subject"},
                    BadHeader{"NulInSubject", with(&Mail::subject, std::string("Won\0", 4)), "header Subject"},
                    BadHeader{"LfInName", with(&Mail::to_name, "Ann\nBcc: eve@evil.test"), "header To"},
                    BadHeader{"LfInRecipient", with(&Mail::to_address, "ann@acme.test\nRCPT TO:<e@e>"), "header To"},
                    BadHeader{"LfInSender", with(&Mail::from, "daybook@crm.test\nBcc: eve@evil.test"), "header From"},
                    BadHeader{"LfInMessageId", with(&Mail::message_id, "<1@crm.test>\nX: y"), "header Message-ID"}),
    [](const auto& bad) { return bad.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Malformed, MessageHeaders,
    testing::Values(BadHeader{"TwoRecipients", with(&Mail::to_address, "ann@acme.test,eve@evil.test"), "To 'ann@"},
                    BadHeader{"RecipientInBrackets", with(&Mail::to_address, "<ann@acme.test>"), "To '<ann@"},
                    BadHeader{"UnicodeDomain", with(&Mail::to_address, "ann@bücher.test"), "A-label"},
                    BadHeader{"EmptySender", with(&Mail::from, ""), "From ''"},
                    BadHeader{"MessageIdWithoutBrackets", with(&Mail::message_id, "1@crm.test"), "<id@host>"},
                    BadHeader{"MessageIdWithSpace", with(&Mail::message_id, "<1 2@crm.test>"), "<id@host>"}),
    [](const auto& bad) { return bad.param.name; });

TEST(Message, DateBefore1970IsRefused) {
  Mail mail = kMail;
  mail.date = -1;
  EXPECT_FALSE(compose(mail).has_value());
}

TEST(MailAddress, TakesWhatBrowsersTake) {
  EXPECT_TRUE(is_mail_address("ann@acme.test"));
  EXPECT_TRUE(is_mail_address("a.b+c_d'e/f=g@xn--bcher-kva.test"));
}

TEST(MailAddress, RefusesTwoAtSigns) { EXPECT_FALSE(is_mail_address("ann@acme@test")); }
TEST(MailAddress, RefusesMissingLocalPart) { EXPECT_FALSE(is_mail_address("@acme.test")); }
TEST(MailAddress, RefusesMissingDomain) { EXPECT_FALSE(is_mail_address("ann@")); }
TEST(MailAddress, RefusesSpaces) { EXPECT_FALSE(is_mail_address("ann smith@acme.test")); }
TEST(MailAddress, RefusesMoreThan254Octets) { EXPECT_FALSE(is_mail_address(std::string(250, 'a') + "@a.de")); }

}  // namespace
}  // namespace daybook::consumers
