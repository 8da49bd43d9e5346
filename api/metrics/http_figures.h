#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "api/metrics/metrics_text.h"
#include "api/router.h"

namespace daybook::api {

/// How many requests each route answered, with which class of status, and how long they took. Thread-safe.
class HttpFigures {
 public:
  /// For these routes, which outlive it.
  explicit HttpFigures(const std::vector<Route>& routes);

  /// An answer was given; `route` is one of the routes, or nullptr where no route was found.
  void answered(const Route* route, unsigned status, std::chrono::steady_clock::duration took);
  /// The transport refused a request before any route saw it.
  void refused() { refused_.fetch_add(1, std::memory_order_relaxed); }

  void write(MetricsText& out) const;

 private:
  struct Entry {
    std::array<std::atomic<std::uint64_t>, 5> by_class{};  // 1xx to 5xx
    eventstore::Histogram latency{eventstore::latency_bounds()};
  };
  const Entry& entry(std::size_t index) const { return *entries_[index]; }

  const std::vector<Route>& routes_;
  std::vector<std::unique_ptr<Entry>> entries_;  // by index of the route; the last one is of unknown paths
  std::atomic<std::uint64_t> refused_ = 0;
};

}  // namespace daybook::api
