#pragma once
#include <string>

#include "consumers/mail/message.h"

namespace daybook::consumers {

// What became of one attempt to send.
struct SendOutcome {
  enum class State {
    Accepted,  // the server has taken responsibility
    Retry,     // nothing was sent: no connection, or a temporary refusal; try again later
    Rejected,  // this mail will not be taken (5xx), or cannot be composed; trying again is useless
    Unknown,   // lost after the final dot: it may have been sent; try again with the same Message-ID
  };
  State state = State::Retry;
  int smtp_code = 0;   // of the reply that decided; 0 if it was not a reply that did
  std::string detail;  // one line for people: the server's reply or the reason, with a remedy where there is one
};

// Hands mails to somebody who delivers them. One attempt a call; when to try again is the caller's decision.
class MailTransport {
 public:
  virtual ~MailTransport() = default;

  // Blocks until the outcome is known or the transport's time is up. What goes wrong with the mail, the way or the
  // server is an outcome; an exception means that this process cannot send at all.
  virtual SendOutcome send(const Mail& mail) = 0;
};

}  // namespace daybook::consumers
