#include <gmock/gmock.h>

#include "consumers/mail/smtp_transport.h"

namespace daybook::consumers {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::Optional;

std::optional<std::string> error_of(const std::string& url, SmtpTls tls = SmtpTls::Required) {
  return check_smtp_options({.url = url, .tls = tls, .from = "daybook@crm.test", .ca_file = {}});
}

TEST(SmtpOptions, TakeAHostWithRequiredTls) { EXPECT_EQ(error_of("smtp://mail.example.com:587"), std::nullopt); }
TEST(SmtpOptions, TakeImplicitTls) { EXPECT_EQ(error_of("smtps://mail.example.com:465"), std::nullopt); }
TEST(SmtpOptions, TakeOffAnywhere) { EXPECT_EQ(error_of("smtp://relay.example.com:25", SmtpTls::Off), std::nullopt); }
TEST(SmtpOptions, TakeTryOnLoopbackIpv4) { EXPECT_EQ(error_of("smtp://127.0.0.2:25", SmtpTls::Try), std::nullopt); }
TEST(SmtpOptions, TakeTryOnLoopbackIpv6) { EXPECT_EQ(error_of("smtp://[::1]:25", SmtpTls::Try), std::nullopt); }
TEST(SmtpOptions, TakeTryOnLocalhost) { EXPECT_EQ(error_of("smtp://localhost:25", SmtpTls::Try), std::nullopt); }

TEST(SmtpOptions, RefuseTryElsewhereAndNameTheWayOut) {
  EXPECT_THAT(error_of("smtp://mail.example.com:25", SmtpTls::Try), Optional(HasSubstr("--smtp-tls required")));
}

TEST(SmtpOptions, RefuseTryOnAHostThatOnlyLooksLikeLoopback) {
  EXPECT_THAT(error_of("smtp://127.0.0.1.example.com:25", SmtpTls::Try), Optional(HasSubstr("loopback")));
}

TEST(SmtpOptions, RefuseTryOnAHostBehindALoopbackUserName) {
  EXPECT_THAT(error_of("smtp://localhost@mail.example.com:25", SmtpTls::Try), Optional(HasSubstr("loopback")));
}

TEST(SmtpOptions, RefuseAPasswordInClear) {
  const auto error = error_of("smtp://ann:secret@mail.example.com:25", SmtpTls::Off);
  EXPECT_THAT(error, Optional(HasSubstr("--smtp-tls required")));
  EXPECT_THAT(error, Optional(Not(HasSubstr("secret"))));
}

TEST(SmtpOptions, RefuseAnotherScheme) {
  EXPECT_THAT(error_of("http://mail.example.com"), Optional(HasSubstr("smtp://HOST:PORT")));
}

TEST(SmtpOptions, RefuseABareHost) {
  EXPECT_THAT(error_of("mail.example.com:25"), Optional(HasSubstr("smtp://HOST:PORT")));
}

TEST(SmtpOptions, RefuseAPath) { EXPECT_THAT(error_of("smtp://a.test:25/x"), Optional(HasSubstr("after the port"))); }
TEST(SmtpOptions, RefuseAPortOutOfRange) { EXPECT_NE(error_of("smtp://mail.example.com:70000"), std::nullopt); }

TEST(SmtpOptions, RefuseASenderThatIsNoAddress) {
  EXPECT_THAT(check_smtp_options({.url = "smtp://a.test:25", .from = "Daybook <d@crm.test>", .ca_file = {}}),
              Optional(HasSubstr("--mail-from")));
}

TEST(SmtpOptions, RefuseATimeoutOfZero) {
  EXPECT_THAT(check_smtp_options({.url = "smtp://a.test:25",
                                  .from = "daybook@crm.test",
                                  .timeout = std::chrono::milliseconds(0),
                                  .ca_file = {}}),
              Optional(HasSubstr("0 ms")));
}

TEST(SmtpTls, ReadsItsThreeWords) {
  EXPECT_EQ(parse_smtp_tls("required"), SmtpTls::Required);
  EXPECT_EQ(parse_smtp_tls("try"), SmtpTls::Try);
  EXPECT_EQ(parse_smtp_tls("off"), SmtpTls::Off);
}

TEST(SmtpOptions, NameTheirServerWithoutItsUser) {
  const auto server = [](const std::string& url) { return server_of({.url = url, .from = "", .ca_file = {}}); };
  EXPECT_EQ(server("smtp://ann:secret@mail.example.com:587"), "mail.example.com:587");
  EXPECT_EQ(server("smtp://mail.example.com"), "mail.example.com:25");
  EXPECT_EQ(server("smtps://[::1]"), "[::1]:465");
  EXPECT_EQ(server("::"), "");
}

TEST(SmtpTls, ReadsNoOtherWord) { EXPECT_EQ(parse_smtp_tls("on"), std::nullopt); }

}  // namespace
}  // namespace daybook::consumers
