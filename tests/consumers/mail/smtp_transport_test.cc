#include "consumers/mail/smtp_transport.h"

#include <gmock/gmock.h>

#include <future>
#include <stdexcept>

#include "tests/consumers/mail/scripted_smtp_server.h"

namespace daybook::consumers {
namespace {

using State = SendOutcome::State;
using Then = SmtpStep::Then;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

const Mail kMail{.message_id = "<1@crm.test>",
                 .from = "daybook@crm.test",
                 .to_name = "Ann",
                 .to_address = "ann@acme.test",
                 .subject = "Hello",
                 .text = "First\n.Second\n.\n",
                 .html = "<p>Hello</p>\n",
                 .date = 1751364000};

SmtpOptions options_for(const std::string& url, SmtpTls tls = SmtpTls::Off) {
  return {.url = url, .tls = tls, .from = "bounces@crm.test", .timeout = std::chrono::seconds(10), .ca_file = {}};
}

SendOutcome send_to(const ScriptedSmtpServer& server) { return SmtpTransport(options_for(server.url())).send(kMail); }

SendOutcome send_impatiently_to(const ScriptedSmtpServer& server) {
  SmtpOptions options = options_for(server.url());
  options.timeout = std::chrono::milliseconds(200);
  return SmtpTransport(options).send(kMail);
}

TEST(SmtpTransport, AcceptedMailTellsTheServersReply) {
  const ScriptedSmtpServer server({{SmtpStage::FinalDot, "250 2.0.0 queued as 77\r\n"}});
  const SendOutcome outcome = send_to(server);
  EXPECT_EQ(outcome.state, State::Accepted);
  EXPECT_EQ(outcome.smtp_code, 250);
  EXPECT_EQ(outcome.detail, "250 2.0.0 queued as 77");
}

TEST(SmtpTransport, GivesSenderAndRecipientOnTheEnvelopeAndSaysGoodbye) {
  const ScriptedSmtpServer server;
  send_to(server);
  EXPECT_THAT(server.commands(), ElementsAre(StartsWith("EHLO "), "MAIL FROM:<bounces@crm.test>",
                                             "RCPT TO:<ann@acme.test>", "DATA", "QUIT"));
}

TEST(SmtpTransport, SendsTheComposedBytesWithDotsDoubled) {
  const ScriptedSmtpServer server;
  send_to(server);
  std::string expected = compose(kMail).value();
  expected.replace(expected.find("\r\n.Second\r\n.\r\n"), 14, "\r\n..Second\r\n..\r\n");
  EXPECT_THAT(server.messages(), ElementsAre(expected));
}

TEST(SmtpTransport, AnnouncesTheSizeWhereTheServerKnowsIt) {
  const ScriptedSmtpServer server({{SmtpStage::Ehlo, "250-test\r\n250 SIZE 1000000\r\n"}});
  send_to(server);
  const std::string size = std::to_string(compose(kMail).value().size());
  EXPECT_THAT(server.commands(), Contains("MAIL FROM:<bounces@crm.test> SIZE=" + size));
}

TEST(SmtpTransport, OneTransportSendsFromSeveralThreads) {
  const ScriptedSmtpServer server;
  SmtpTransport transport(options_for(server.url()));
  auto other = std::async(std::launch::async, [&] { return transport.send(kMail).state; });
  EXPECT_EQ(transport.send(kMail).state, State::Accepted);
  EXPECT_EQ(other.get(), State::Accepted);
}

TEST(SmtpTransport, RefusedConnectionIsRetryAndNamesTheOption) {
  const SendOutcome outcome = SmtpTransport(options_for(unused_smtp_url())).send(kMail);
  EXPECT_EQ(outcome.state, State::Retry);
  EXPECT_EQ(outcome.smtp_code, 0);
  EXPECT_THAT(outcome.detail, HasSubstr("--smtp-url"));
}

TEST(SmtpTransport, MailThatCannotBeComposedIsRejectedWithoutAConnection) {
  const ScriptedSmtpServer server;
  Mail mail = kMail;
  mail.subject = "Hello\r\nBcc: eve@evil.test";
  const SendOutcome outcome = SmtpTransport(options_for(server.url())).send(mail);
  EXPECT_EQ(outcome.state, State::Rejected);
  EXPECT_EQ(outcome.smtp_code, 0);
  EXPECT_THAT(outcome.detail, HasSubstr("Subject"));
  EXPECT_THAT(server.commands(), IsEmpty());
}

TEST(SmtpTransport, GarbageForAGreetingIsRetry) {
  const ScriptedSmtpServer server({{SmtpStage::Greeting, "HTTP/1.1 400 Bad Request\r\n\r\n", Then::Drop}});
  const SendOutcome outcome = send_to(server);
  EXPECT_EQ(outcome.state, State::Retry);
  EXPECT_THAT(server.commands(), IsEmpty());
}

TEST(SmtpTransport, SilenceAfterAGarbageGreetingEndsWithTheTimeout) {
  const ScriptedSmtpServer server({{SmtpStage::Greeting, "\x01\xff nonsense\r\n", Then::Hang}});
  EXPECT_EQ(send_impatiently_to(server).state, State::Retry);
}

TEST(SmtpTransport, BusyGreetingIsRetryWithItsCode) {
  const ScriptedSmtpServer server({{SmtpStage::Greeting, "421 too busy\r\n", Then::Drop}});
  const SendOutcome outcome = send_to(server);
  EXPECT_EQ(outcome.state, State::Retry);
  EXPECT_EQ(outcome.smtp_code, 421);
  EXPECT_THAT(outcome.detail, HasSubstr("421 too busy"));
}

// No word about the mail, so it must not be given up: one bad minute of the server would park the whole queue.
TEST(SmtpTransport, RefusalOfServiceInTheGreetingIsRetry) {
  const ScriptedSmtpServer server({{SmtpStage::Greeting, "554 no service for you\r\n"}});
  const SendOutcome outcome = send_to(server);
  EXPECT_EQ(outcome.state, State::Retry);
  EXPECT_EQ(outcome.smtp_code, 554);
}

TEST(SmtpTransport, RefusedEhloAndALostConnectionIsRetry) {
  const ScriptedSmtpServer server({{SmtpStage::Ehlo, "502 what?\r\n", Then::Drop}});
  EXPECT_EQ(send_to(server).state, State::Retry);
}

TEST(SmtpTransport, LongAndUnprintableRepliesAreCutAndCleaned) {
  const ScriptedSmtpServer server({{SmtpStage::FinalDot, "250 \x1b[31m" + std::string(500, 'x') + "\r\n"}});
  const SendOutcome outcome = send_to(server);
  EXPECT_EQ(outcome.detail, "250 ?[31m" + std::string(191, 'x'));
}

TEST(SmtpTransport, HangingGoodbyeDoesNotUndoAcceptance) {
  const ScriptedSmtpServer server({{SmtpStage::Quit, "", Then::Hang}});
  EXPECT_EQ(send_impatiently_to(server).state, State::Accepted);
}

TEST(SmtpTransport, StopRequestEndsAHangingSend) {
  const ScriptedSmtpServer server({{SmtpStage::Mail, "", Then::Hang}});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(SmtpTransport(options_for(server.url()), stop.get_token()).send(kMail).state, State::Retry);
}

// What a send came to that was told to stop while the server was silent at the stage, in the time that a stop may take.
std::optional<State> stopped_while_silent(SmtpStage stage) {
  const ScriptedSmtpServer server({{stage, "", Then::Hang}});
  SmtpOptions options = options_for(server.url());
  options.timeout = std::chrono::seconds(30);
  std::stop_source stop;
  auto sending =
      std::async(std::launch::async, [&] { return SmtpTransport(options, stop.get_token()).send(kMail).state; });
  while (server.reached() < stage) std::this_thread::yield();
  stop.request_stop();
  if (sending.wait_for(std::chrono::seconds(10)) != std::future_status::ready) return std::nullopt;
  return sending.get();
}

TEST(SmtpTransport, StopRequestEndsAWaitThatHasBegun) {
  EXPECT_EQ(stopped_while_silent(SmtpStage::Mail), State::Retry);
  EXPECT_EQ(stopped_while_silent(SmtpStage::FinalDot), State::Unknown);
  EXPECT_EQ(stopped_while_silent(SmtpStage::Quit), State::Accepted);
}

TEST(SmtpTransport, RequiredTlsSendsNothingWithoutIt) {
  const ScriptedSmtpServer server;
  const SendOutcome outcome = SmtpTransport(options_for(server.url(), SmtpTls::Required)).send(kMail);
  EXPECT_EQ(outcome.state, State::Retry);
  EXPECT_THAT(outcome.detail, HasSubstr("STARTTLS"));
  EXPECT_THAT(server.commands(), Not(Contains(StartsWith("MAIL"))));
}

TEST(SmtpTransport, RefusedStartTlsIsRetry) {
  const ScriptedSmtpServer server({{SmtpStage::Ehlo, "250-test\r\n250 STARTTLS\r\n"}});
  const SendOutcome outcome = SmtpTransport(options_for(server.url(), SmtpTls::Required)).send(kMail);
  EXPECT_EQ(outcome.state, State::Retry);
  EXPECT_THAT(server.commands(), Not(Contains(StartsWith("MAIL"))));
}

TEST(SmtpTransport, BrokenTlsHandshakeIsRetry) {
  const ScriptedSmtpServer server(
      {{SmtpStage::Ehlo, "250-test\r\n250 STARTTLS\r\n"}, {SmtpStage::StartTls, "220 go\r\n", Then::Drop}});
  const SendOutcome outcome = SmtpTransport(options_for(server.url(), SmtpTls::Required)).send(kMail);
  EXPECT_EQ(outcome.state, State::Retry);
  EXPECT_THAT(server.commands(), Not(Contains(StartsWith("MAIL"))));
}

TEST(SmtpTransport, TryGoesOnWhereNoTlsIsOffered) {
  const ScriptedSmtpServer server;
  EXPECT_EQ(SmtpTransport(options_for(server.url(), SmtpTls::Try)).send(kMail).state, State::Accepted);
}

std::optional<std::string> fault_of(const ScriptedSmtpServer& server, SmtpTls tls = SmtpTls::Off) {
  SmtpOptions options = options_for(server.url(), tls);
  options.timeout = std::chrono::seconds(1);
  return SmtpTransport(options).find_fault();
}

TEST(SmtpFindFault, GreetsSaysGoodbyeAndSendsNothing) {
  const ScriptedSmtpServer server;
  EXPECT_EQ(fault_of(server), std::nullopt);
  EXPECT_THAT(server.commands(), ElementsAre(StartsWith("EHLO "), "NOOP", "QUIT"));
}

TEST(SmtpFindFault, NamesAServerThatIsNotThereWithoutTheTimeThatItTook) {
  const auto fault = SmtpTransport(options_for(unused_smtp_url())).find_fault();
  EXPECT_EQ(fault, "Couldn't connect to server; check --smtp-url and that the mail server runs");
}

TEST(SmtpFindFault, NamesARefusalWithTheReply) {
  const ScriptedSmtpServer server({{SmtpStage::Greeting, "554 no service for you\r\n"}});
  EXPECT_THAT(fault_of(server), testing::Optional(HasSubstr("(last reply: 554 no service for you); see that")));
}

TEST(SmtpFindFault, EndsWithTheTimeoutWhereTheServerIsSilent) {
  const ScriptedSmtpServer server({{SmtpStage::Ehlo, "", Then::Hang}});
  EXPECT_EQ(fault_of(server),
            "Timeout was reached (last reply: 220 test ready); see that the mail server behind --smtp-url works, and "
            "its own lines");
}

TEST(SmtpFindFault, WantsTlsWhereItIsRequired) {
  const ScriptedSmtpServer server;
  EXPECT_THAT(fault_of(server, SmtpTls::Required), testing::Optional(HasSubstr("STARTTLS")));
  EXPECT_EQ(fault_of(server, SmtpTls::Try), std::nullopt);
}

TEST(SmtpFindFault, IsNotKeptByASilentGoodbye) {
  const ScriptedSmtpServer server({{SmtpStage::Quit, "", Then::Hang}});
  EXPECT_EQ(fault_of(server), std::nullopt);
}

TEST(SmtpTransport, RefusesOptionsThatDoNotCheck) {
  EXPECT_THROW(SmtpTransport(options_for("smtp://mail.example.com:25", SmtpTls::Try)), std::invalid_argument);
}

}  // namespace
}  // namespace daybook::consumers
