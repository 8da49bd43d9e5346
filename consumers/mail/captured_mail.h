#pragma once
#include <deque>
#include <mutex>
#include <vector>

#include "consumers/mail/transport.h"

namespace daybook::consumers {

// A transport that delivers nothing and shows what it was given, for the demo. Accepts every mail that can be
// composed. Keeps the last kCapacity mails. Thread-safe.
class CapturedMail final : public MailTransport {
 public:
  static constexpr std::size_t kCapacity = 100;

  SendOutcome send(const Mail& mail) override;

  // Oldest first.
  std::vector<Mail> list() const;

 private:
  mutable std::mutex mutex_;
  std::deque<Mail> mails_;
};

}  // namespace daybook::consumers
