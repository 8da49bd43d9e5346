#include "cli/demo_mails.h"

#include <iostream>
#include <sstream>

namespace daybook::cli {
namespace {

constexpr std::size_t kKept = 100;

void print(const consumers::Mail& mail) {
  std::cout << "  Mail (caught, not sent)\n  | To: " << mail.to_name << " <" << mail.to_address
            << ">\n  | Subject: " << mail.subject << "\n  |\n";
  std::istringstream text(mail.text);
  for (std::string line; std::getline(text, line);) std::cout << "  | " << line << '\n';
  std::cout << std::endl;
}

}  // namespace

consumers::SendOutcome DemoMails::send(const consumers::Mail& mail) {
  const std::lock_guard lock(mutex_);
  if (is_showing_) {
    print(mail);
  } else {
    waiting_.push_back(mail);
    if (waiting_.size() > kKept) waiting_.pop_front();
  }
  return {consumers::SendOutcome::State::Accepted, 250, "shown"};
}

void DemoMails::show() {
  const std::lock_guard lock(mutex_);
  for (const consumers::Mail& mail : waiting_) print(mail);
  waiting_.clear();
  is_showing_ = true;
}

}  // namespace daybook::cli
