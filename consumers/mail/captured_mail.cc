#include "consumers/mail/captured_mail.h"

namespace daybook::consumers {

SendOutcome CapturedMail::send(const Mail& mail) {
  if (const auto bytes = compose(mail); !bytes) return {SendOutcome::State::Rejected, 0, bytes.error()};
  const std::lock_guard lock(mutex_);
  mails_.push_back(mail);
  if (mails_.size() > kCapacity) mails_.pop_front();
  return {SendOutcome::State::Accepted, 250, "captured in memory"};
}

std::vector<Mail> CapturedMail::list() const {
  const std::lock_guard lock(mutex_);
  return {mails_.begin(), mails_.end()};
}

}  // namespace daybook::consumers
