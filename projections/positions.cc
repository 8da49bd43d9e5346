#include "projections/positions.h"

#include <vector>

namespace daybook::projections {

void Positions::reached(model::WorkspaceId workspace, std::uint64_t position) {
  std::vector<Callback> due;
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(workspace);
    if (found == waiting_.end()) return;
    std::erase_if(found->second, [&](auto& entry) {
      if (entry.second.position > position) return false;
      due.push_back(std::move(entry.second.callback));
      return true;
    });
    if (found->second.empty()) waiting_.erase(found);
  }
  for (const Callback& callback : due) callback();
}

std::uint64_t Positions::wait_for(model::WorkspaceId workspace, std::uint64_t position, Callback callback) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t waiter = next_waiter_++;
  waiting_[workspace].emplace(waiter, Waiting{position, std::move(callback)});
  return waiter;
}

void Positions::forget(model::WorkspaceId workspace, std::uint64_t waiter) {
  const std::lock_guard lock(mutex_);
  const auto found = waiting_.find(workspace);
  if (found == waiting_.end()) return;
  found->second.erase(waiter);
  if (found->second.empty()) waiting_.erase(found);
}

}  // namespace daybook::projections
