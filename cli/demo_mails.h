#pragma once

#include <deque>
#include <mutex>

#include "consumers/mail/transport.h"

namespace daybook::cli {

/// Keeps the demo's mails in memory instead of sending them, and shows them on stdout once the demo has been
/// introduced.
class DemoMails final : public consumers::MailTransport {
 public:
  consumers::SendOutcome send(const consumers::Mail& mail) override;

  /// Shows what has come so far; from here on mails are shown as they come.
  void show();

 private:
  std::mutex mutex_;
  std::deque<consumers::Mail> waiting_;  // the newest hundred
  bool is_showing_ = false;
};

}  // namespace daybook::cli
