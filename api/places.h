#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

namespace daybook::api {

/// Places for so many at once. Thread-safe.
class Places {
 public:
  explicit Places(std::size_t count) : free_(std::make_shared<std::atomic<std::size_t>>(count)) {}

  /// One of them, taken until the last copy of what is returned is gone, which may be after this object; nullptr where
  /// none is free.
  std::shared_ptr<void> take() const;

 private:
  const std::shared_ptr<std::atomic<std::size_t>> free_;
};

}  // namespace daybook::api
