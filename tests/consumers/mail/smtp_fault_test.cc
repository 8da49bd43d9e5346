// Each fault at each step of the mail, and what the transport makes of it.
#include <gmock/gmock.h>

#include <ostream>

#include "consumers/mail/smtp_transport.h"
#include "tests/consumers/mail/scripted_smtp_server.h"

namespace daybook::consumers {
namespace {

using State = SendOutcome::State;
using Then = SmtpStep::Then;

// Of literals only: GCC 12 takes the strings of a list of aggregates for uninitialized (-Wmaybe-uninitialized).
struct SmtpFault {
  const char* name;
  SmtpStage stage;
  const char* reply;
  Then then;
  State state;
  int smtp_code;
  const char* detail;
};

void PrintTo(const SmtpFault& fault, std::ostream* out) { *out << fault.name; }

class SmtpFaults : public testing::TestWithParam<SmtpFault> {};

TEST_P(SmtpFaults, HaveOneOutcome) {
  const ScriptedSmtpServer server({{GetParam().stage, GetParam().reply, GetParam().then}});
  SmtpTransport transport({.url = server.url(),
                           .tls = SmtpTls::Off,
                           .from = "daybook@crm.test",
                           .timeout = std::chrono::milliseconds(GetParam().then == Then::Hang ? 200 : 10'000),
                           .ca_file = {}});
  const SendOutcome outcome = transport.send({.message_id = "<1@crm.test>",
                                              .from = "daybook@crm.test",
                                              .to_name = "",
                                              .to_address = "ann@acme.test",
                                              .subject = "Hello",
                                              .text = "Hello\n",
                                              .html = "<p>Hello</p>\n",
                                              .date = 0});
  EXPECT_EQ(outcome.state, GetParam().state);
  EXPECT_EQ(outcome.smtp_code, GetParam().smtp_code);
  EXPECT_THAT(outcome.detail, testing::HasSubstr(GetParam().detail));
}

std::string name_of(const testing::TestParamInfo<SmtpFault>& fault) { return fault.param.name; }

std::vector<SmtpFault> at_mail() {
  return {
      SmtpFault{"Temporary", SmtpStage::Mail, "451 later\r\n", Then::GoOn, State::Retry, 451, "last reply: 451 later"},
      SmtpFault{"Permanent", SmtpStage::Mail, "550 no\r\n", Then::GoOn, State::Rejected, 550, "last reply: 550 no"},
      SmtpFault{"Drop", SmtpStage::Mail, "", Then::Drop, State::Retry, 0, "closed the connection"},
      SmtpFault{"Hang", SmtpStage::Mail, "", Then::Hang, State::Retry, 0, "timed out"}};
}

std::vector<SmtpFault> at_rcpt() {
  return {SmtpFault{"Temporary", SmtpStage::Rcpt, "450 mailbox busy\r\n", Then::GoOn, State::Retry, 450,
                    "last reply: 450 mailbox busy"},
          SmtpFault{"Permanent", SmtpStage::Rcpt, "550 no such user\r\n", Then::GoOn, State::Rejected, 550,
                    "last reply: 550 no such user"},
          SmtpFault{"Drop", SmtpStage::Rcpt, "", Then::Drop, State::Retry, 0, "closed the connection"},
          SmtpFault{"Hang", SmtpStage::Rcpt, "", Then::Hang, State::Retry, 0, "timed out"}};
}

std::vector<SmtpFault> at_data() {
  return {SmtpFault{"Temporary", SmtpStage::Data, "452 disk full\r\n", Then::GoOn, State::Retry, 452,
                    "last reply: 452 disk full"},
          SmtpFault{"Permanent", SmtpStage::Data, "554 no\r\n", Then::GoOn, State::Rejected, 554, "last reply: 554 no"},
          SmtpFault{"Drop", SmtpStage::Data, "", Then::Drop, State::Retry, 0, "closed the connection"},
          SmtpFault{"Hang", SmtpStage::Data, "", Then::Hang, State::Retry, 0, "timed out"}};
}

std::vector<SmtpFault> after_the_final_dot() {
  return {SmtpFault{"Temporary", SmtpStage::FinalDot, "451 later\r\n", Then::GoOn, State::Retry, 451,
                    "last reply: 451 later"},
          SmtpFault{"Permanent", SmtpStage::FinalDot, "554 spam\r\n", Then::GoOn, State::Rejected, 554,
                    "last reply: 554 spam"},
          SmtpFault{"Garbage", SmtpStage::FinalDot, "?!\r\n", Then::Drop, State::Unknown, 0, "closed the connection"},
          SmtpFault{"Drop", SmtpStage::FinalDot, "", Then::Drop, State::Unknown, 0, "closed the connection"},
          SmtpFault{"Hang", SmtpStage::FinalDot, "", Then::Hang, State::Unknown, 0, "timeout"}};
}

INSTANTIATE_TEST_SUITE_P(AtMail, SmtpFaults, testing::ValuesIn(at_mail()), name_of);
INSTANTIATE_TEST_SUITE_P(AtRcpt, SmtpFaults, testing::ValuesIn(at_rcpt()), name_of);
INSTANTIATE_TEST_SUITE_P(AtData, SmtpFaults, testing::ValuesIn(at_data()), name_of);
INSTANTIATE_TEST_SUITE_P(AfterTheFinalDot, SmtpFaults, testing::ValuesIn(after_the_final_dot()), name_of);

}  // namespace
}  // namespace daybook::consumers
