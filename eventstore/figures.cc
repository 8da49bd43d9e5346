#include "eventstore/figures.h"

#include <algorithm>
#include <cassert>

namespace daybook::eventstore {

Histogram::Histogram(const std::vector<std::uint64_t>& bounds) : size_(bounds.size()) {
  assert(bounds.size() <= kMostBounds);
  std::copy(bounds.begin(), bounds.end(), bounds_.begin());
}

void Histogram::observe(std::uint64_t value) {
  const auto end = bounds_.begin() + static_cast<std::ptrdiff_t>(size_);
  const auto place = static_cast<std::size_t>(std::lower_bound(bounds_.begin(), end, value) - bounds_.begin());
  counts_.at(place).fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

Histogram::Reading Histogram::read() const {
  Reading reading;
  for (std::size_t i = 0; i < size_; ++i) {
    reading.count += counts_.at(i).load(std::memory_order_relaxed);
    reading.buckets.push_back({bounds_.at(i), reading.count});
  }
  reading.count += counts_.at(size_).load(std::memory_order_relaxed);
  reading.sum = sum_.load(std::memory_order_relaxed);
  return reading;
}

const std::vector<std::uint64_t>& latency_bounds() {
  static const std::vector<std::uint64_t> kBounds{100,       250,       500,       1'000,     2'500,   5'000,
                                                  10'000,    25'000,    50'000,    100'000,   250'000, 500'000,
                                                  1'000'000, 2'500'000, 5'000'000, 10'000'000};
  return kBounds;
}

}  // namespace daybook::eventstore
