#include "cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "cli/terminal.h"

namespace daybook::cli {
namespace {

constexpr std::chrono::milliseconds kBetweenLines{1000};
constexpr std::chrono::milliseconds kBetweenBars{100};
constexpr std::size_t kBarCells = 30;

std::string amount(std::uint64_t value, Progress::Unit unit) {
  if (unit == Progress::Unit::kCount) return std::to_string(value);
  constexpr std::uint64_t kMebibyte = 1 << 20;
  const std::uint64_t tenths = value * 10 / kMebibyte;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MiB";
}

}  // namespace

Progress::Progress(std::string doing, Options options)
    : doing_(std::move(doing)), options_(std::move(options)), has_bar_(!options_.line && is_terminal(STDERR_FILENO)) {}

Progress::~Progress() {
  if (is_drawn_) std::cerr << "\r\x1b[K" << std::flush;
}

void Progress::at(std::uint64_t done, std::optional<std::uint64_t> all) {
  if (options_.is_quiet) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + (has_bar_ ? kBetweenBars : kBetweenLines);
  if (options_.line) return options_.line(text(done, all));
  if (has_bar_) return draw_bar(done, all);
  std::cerr << text(done, all) << std::endl;
}

std::string Progress::text(std::uint64_t done, std::optional<std::uint64_t> all) const {
  return doing_ + ": " + amount(done, options_.unit) + (all ? " of " + amount(*all, options_.unit) : "");
}

void Progress::draw_bar(std::uint64_t done, std::optional<std::uint64_t> all) {
  std::string line = text(done, all);
  const std::size_t width = columns_of(STDERR_FILENO);
  if (all && *all > 0 && line.size() + kBarCells + 8 < width) {
    const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(*all));
    const auto full = static_cast<std::size_t>(part * kBarCells);
    line += " [" + std::string(full, '#') + std::string(kBarCells - full, '.') + "] " +
            std::to_string(static_cast<int>(part * 100)) + "%";
  }
  if (line.size() >= width) line.resize(width - 1);
  std::cerr << '\r' << line << "\x1b[K" << std::flush;
  is_drawn_ = true;
}

}  // namespace daybook::cli
