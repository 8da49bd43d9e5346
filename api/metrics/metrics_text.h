#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "eventstore/figures.h"

namespace daybook::api {

/// Writes the Prometheus text format (version 0.0.4). A label is never a workspace's or a person's text: values are
/// names that stand in our code, and route patterns.
class MetricsText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;
  enum class Type : std::uint8_t { kCounter, kGauge, kHistogram };

  /// Begins a metric; its samples follow. The help is one sentence.
  void begin(std::string_view name, Type type, std::string_view help);
  void sample(std::uint64_t value, Labels labels = {});
  /// A histogram's samples; values are multiplied by `unit`: 1e-6 makes seconds of microseconds.
  void histogram(const eventstore::Histogram::Reading& reading, double unit, Labels labels = {});

  /// A metric of one sample.
  void counter(std::string_view name, std::string_view help, std::uint64_t value);
  void gauge(std::string_view name, std::string_view help, std::uint64_t value);

  std::string take() { return std::move(out_); }

 private:
  void line(std::string_view suffix, const std::string& labels, const std::string& value);

  std::string name_;
  std::string out_;
};

}  // namespace daybook::api
