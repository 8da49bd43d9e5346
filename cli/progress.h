#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace daybook::cli {

/// How far a long command is, on stderr: a bar on a terminal, otherwise a line every second. Nothing is shown of what
/// is done within a second. Not thread-safe.
class Progress {
 public:
  enum class Unit : std::uint8_t { kCount, kBytes };
  struct Options {
    bool is_quiet = false;
    Unit unit = Unit::kCount;
    std::function<void(const std::string&)> line{};  // takes the lines instead of stderr; then there is no bar
  };

  explicit Progress(std::string doing) : Progress(std::move(doing), Options{}) {}
  Progress(std::string doing, Options options);
  /// Takes the bar off the terminal.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `all`: nothing where it is not known. Cheap enough to be called for every record.
  void at(std::uint64_t done, std::optional<std::uint64_t> all);

 private:
  std::string text(std::uint64_t done, std::optional<std::uint64_t> all) const;
  void draw_bar(std::uint64_t done, std::optional<std::uint64_t> all);

  const std::string doing_;
  const Options options_;
  const bool has_bar_;
  bool is_drawn_ = false;
  std::chrono::steady_clock::time_point next_ = std::chrono::steady_clock::now() + std::chrono::seconds(1);
};

}  // namespace daybook::cli
