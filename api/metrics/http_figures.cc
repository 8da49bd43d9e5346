#include "api/metrics/http_figures.h"

#include <algorithm>

namespace daybook::api {
namespace {

constexpr std::array<std::string_view, 5> kClasses{"1xx", "2xx", "3xx", "4xx", "5xx"};

}  // namespace

HttpFigures::HttpFigures(const std::vector<Route>& routes) : routes_(routes) {
  for (std::size_t i = 0; i <= routes.size(); ++i) entries_.push_back(std::make_unique<Entry>());
}

void HttpFigures::answered(const Route* route, unsigned status, std::chrono::steady_clock::duration took) {
  const auto index = route == nullptr ? routes_.size() : static_cast<std::size_t>(route - routes_.data());
  Entry& counted = *entries_.at(index);
  counted.by_class.at(std::clamp(status / 100, 1U, 5U) - 1).fetch_add(1, std::memory_order_relaxed);
  counted.latency.observe(
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
}

void HttpFigures::write(MetricsText& out) const {
  const auto for_each = [&](const auto& visit) {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const bool known = i < routes_.size();
      visit(known ? std::string_view(routes_[i].method) : "any", known ? std::string_view(routes_[i].pattern) : "none",
            entry(i));
    }
  };
  out.begin("daybook_http_requests_total", MetricsText::Type::kCounter, "Requests answered.");
  for_each([&](std::string_view method, std::string_view route, const Entry& counted) {
    for (std::size_t i = 0; i < kClasses.size(); ++i) {
      const auto count = counted.by_class.at(i).load(std::memory_order_relaxed);
      if (count > 0) out.sample(count, {{"method", method}, {"route", route}, {"status", kClasses.at(i)}});
    }
  });
  out.begin("daybook_http_request_seconds", MetricsText::Type::kHistogram, "From a request to its answer.");
  for_each([&](std::string_view method, std::string_view route, const Entry& counted) {
    const auto reading = counted.latency.read();
    if (reading.count > 0) out.histogram(reading, 1e-6, {{"method", method}, {"route", route}});
  });
  out.counter("daybook_http_refused_total", "Requests that the transport refused before any route saw them.",
              refused_.load(std::memory_order_relaxed));
}

}  // namespace daybook::api
