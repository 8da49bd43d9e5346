#include "eventstore/big_command.h"

#include <utility>

namespace daybook::eventstore {
namespace {

// Sealing, ids and the name of an event, generously.
constexpr std::size_t kEventOverheadBytes = 256;

}  // namespace

domain::Events PartBuffer::add(domain::Event event) {
  const std::size_t size = event.data.size() + event.cleared.size() * 5 + kEventOverheadBytes;
  domain::Events full;
  if (!events_.empty() && bytes_ + size > kFullBytes) full = take();
  bytes_ += size;
  events_.push_back(std::move(event));
  return full;
}

domain::Events PartBuffer::take() {
  bytes_ = 0;
  return std::exchange(events_, {});
}

}  // namespace daybook::eventstore
