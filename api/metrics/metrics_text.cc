#include "api/metrics/metrics_text.h"

#include <array>
#include <charconv>

namespace daybook::api {
namespace {

std::string number(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 9).ptr;
  return {text.data(), end};
}

std::string joined(MetricsText::Labels labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    out.append(out.empty() ? "" : ",").append(name).append("=\"");
    for (const char c : value) {
      if (c == '\\' || c == '"') out += '\\';
      out += c == '\n' ? ' ' : c;
    }
    out += '"';
  }
  return out;
}

std::string_view word(MetricsText::Type type) {
  if (type == MetricsText::Type::kHistogram) return "histogram";
  return type == MetricsText::Type::kCounter ? "counter" : "gauge";
}

}  // namespace

void MetricsText::begin(std::string_view name, Type type, std::string_view help) {
  name_ = name;
  out_.append("# HELP ").append(name).append(" ").append(help).append("\n");
  out_.append("# TYPE ").append(name).append(" ").append(word(type)).append("\n");
}

void MetricsText::sample(std::uint64_t value, Labels labels) { line("", joined(labels), std::to_string(value)); }

void MetricsText::histogram(const eventstore::Histogram::Reading& reading, double unit, Labels labels) {
  const std::string common = joined(labels);
  const std::string before = common.empty() ? "" : common + ",";
  for (const auto& bucket : reading.buckets) {
    const std::string bound = number(static_cast<double>(bucket.bound) * unit);
    line("_bucket", before + "le=\"" + bound + "\"", std::to_string(bucket.count));
  }
  line("_bucket", before + "le=\"+Inf\"", std::to_string(reading.count));
  line("_sum", common, number(static_cast<double>(reading.sum) * unit));
  line("_count", common, std::to_string(reading.count));
}

void MetricsText::counter(std::string_view name, std::string_view help, std::uint64_t value) {
  begin(name, Type::kCounter, help);
  sample(value);
}

void MetricsText::gauge(std::string_view name, std::string_view help, std::uint64_t value) {
  begin(name, Type::kGauge, help);
  sample(value);
}

void MetricsText::line(std::string_view suffix, const std::string& labels, const std::string& value) {
  out_.append(name_).append(suffix);
  if (!labels.empty()) out_.append("{").append(labels).append("}");
  out_.append(" ").append(value).append("\n");
}

}  // namespace daybook::api
