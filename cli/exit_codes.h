#pragma once

#include <stdexcept>

namespace daybook::cli {

/// What every command ends with; `verify` and its like have codes of their own beside these.
inline constexpr int kDone = 0;
inline constexpr int kRefused = 1;        // refused or failed
inline constexpr int kDamaged = 20;       // the log is not what was written
inline constexpr int kWrongUsage = 64;    // EX_USAGE
inline constexpr int kNotReachable = 69;  // EX_UNAVAILABLE

/// A command line, a setting or a file of settings that cannot be meant: exit code 64. Its text names the remedy.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace daybook::cli
