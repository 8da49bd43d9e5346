#include "consumers/mail/captured_mail.h"

#include <gtest/gtest.h>

#include <future>

namespace daybook::consumers {
namespace {

Mail numbered(int number) {
  return {.message_id = "<" + std::to_string(number) + "@crm.test>",
          .from = "daybook@crm.test",
          .to_name = "",
          .to_address = "ann@acme.test",
          .subject = "Hello",
          .text = "Hello\n",
          .html = "<p>Hello</p>\n",
          .date = 0};
}

void send_numbers(CapturedMail& transport, int first, int count) {
  for (int number = first; number < first + count; ++number) transport.send(numbered(number));
}

TEST(CapturedMail, AcceptsAndListsOldestFirst) {
  CapturedMail transport;
  EXPECT_EQ(transport.send(numbered(1)).state, SendOutcome::State::Accepted);
  transport.send(numbered(2));
  EXPECT_EQ(transport.list(), (std::vector{numbered(1), numbered(2)}));
}

TEST(CapturedMail, KeepsTheLastHundred) {
  CapturedMail transport;
  send_numbers(transport, 1, 103);
  EXPECT_EQ(transport.list().size(), 100);
  EXPECT_EQ(transport.list().front(), numbered(4));
}

TEST(CapturedMail, RejectsWhatAServerWouldNotBeSent) {
  CapturedMail transport;
  Mail mail = numbered(1);
  mail.subject = "Hello\nBcc: eve@evil.test";
  EXPECT_EQ(transport.send(mail).state, SendOutcome::State::Rejected);
  EXPECT_TRUE(transport.list().empty());
}

TEST(CapturedMail, TakesMailsFromSeveralThreads) {
  CapturedMail transport;
  auto other = std::async(std::launch::async, [&] { send_numbers(transport, 1, 40); });
  send_numbers(transport, 41, 40);
  other.get();
  EXPECT_EQ(transport.list().size(), 80);
}

}  // namespace
}  // namespace daybook::consumers
