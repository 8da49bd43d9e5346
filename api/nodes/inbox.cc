#include "api/nodes/inbox.h"

namespace daybook::api {

Inbox::Inbox(std::size_t max_under_way, std::function<void()> wake)
    : max_under_way_(max_under_way), wake_(std::move(wake)) {}

Inbox::Put Inbox::put(Forward& forward) {
  const std::lock_guard lock(mutex_);
  if (closed_) return Put::kClosed;
  std::size_t& under_way = under_way_[forward.url];
  if (under_way >= max_under_way_) return Put::kFull;
  ++under_way;
  letters_.forwards.push_back(std::move(forward));
  wake_();
  return Put::kTaken;
}

void Inbox::put(std::uint64_t transfer, const ClientNews& news) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  letters_.news.emplace_back(transfer, news);
  wake_();
}

void Inbox::leave(const std::string& owner_url) {
  const std::lock_guard lock(mutex_);
  const auto found = under_way_.find(owner_url);
  if (--found->second == 0) under_way_.erase(found);
}

Inbox::Letters Inbox::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(letters_, {});
}

void Inbox::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

}  // namespace daybook::api
