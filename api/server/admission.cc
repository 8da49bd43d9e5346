#include "api/server/admission.h"

namespace daybook::api {

bool Admission::enter(const std::string& address) {
  const std::lock_guard lock(mutex_);
  if (open_ >= most_) return false;
  auto& count = by_address_[address];
  if (count >= most_per_address_) return false;
  ++count;
  ++open_;
  return true;
}

void Admission::leave(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto entry = by_address_.find(address);
  if (--entry->second == 0) by_address_.erase(entry);
  if (--open_ == 0) emptied_.notify_all();
}

std::size_t Admission::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

bool Admission::wait_until_empty(Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  return emptied_.wait_until(lock, deadline, [this] { return open_ == 0; });
}

}  // namespace daybook::api
