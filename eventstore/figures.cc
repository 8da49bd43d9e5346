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

Histogram::Reading& Histogram::Reading::operator+=(const Reading& other) {
  assert(buckets.size() == other.buckets.size());
  for (std::size_t i = 0; i < buckets.size(); ++i) buckets[i].count += other.buckets[i].count;
  count += other.count;
  sum += other.sum;
  return *this;
}

WriterFigures& WriterFigures::operator+=(const WriterFigures& other) {
  queued += other.queued;
  pending += other.pending;
  applied_offset += other.applied_offset;
  log_end += other.log_end;
  takes_commands = takes_commands && other.takes_commands;
  is_in_doubt = is_in_doubt || other.is_in_doubt;
  has_failed = has_failed || other.has_failed;
  stands_by = stands_by || other.stands_by;
  damaged_workspaces += other.damaged_workspaces;
  for (std::size_t i = 0; i < outcomes.size(); ++i) outcomes[i] += other.outcomes.at(i);
  append_to_apply += other.append_to_apply;
  applied_batch += other.applied_batch;
  return *this;
}

const std::vector<std::uint64_t>& latency_bounds() {
  static const std::vector<std::uint64_t> kBounds{100,       250,       500,       1'000,     2'500,   5'000,
                                                  10'000,    25'000,    50'000,    100'000,   250'000, 500'000,
                                                  1'000'000, 2'500'000, 5'000'000, 10'000'000};
  return kBounds;
}

}  // namespace daybook::eventstore
