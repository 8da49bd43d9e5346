#include "api/places.h"

namespace daybook::api {

std::shared_ptr<void> Places::take() const {
  std::size_t free = free_->load();
  while (free > 0 && !free_->compare_exchange_weak(free, free - 1)) {
  }
  if (free == 0) return nullptr;
  return {free_.get(), [counter = free_](void*) { ++*counter; }};
}

}  // namespace daybook::api
