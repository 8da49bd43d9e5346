#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace spdlog {
class logger;
}

namespace daybook::cli {

enum class LogFormat : std::uint8_t { kAuto, kPretty, kJson };

/// What the server says to its operator, a line each on stderr with time (UTC) and level. JSON has the members `time`,
/// `level` and `message`. kAuto is pretty on a terminal and JSON elsewhere. Lines carry no personal data: ids and
/// positions, never names, addresses or values. Thread-safe.
class ServerLog {
 public:
  explicit ServerLog(LogFormat format);

  /// On a terminal, and not as JSON.
  bool is_for_people() const;

  void info(const std::string& text) const;
  void warn(const std::string& text) const;
  void error(const std::string& text) const;

 private:
  std::string shown(const std::string& text) const;

  bool is_json_;
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace daybook::cli
