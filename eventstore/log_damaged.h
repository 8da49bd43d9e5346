#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace daybook::eventstore {

/// Where stored bytes are not what was written, as exactly as it is known.
struct Damage {
  std::string file;                      // path; empty when no single file can be named
  std::optional<std::uint64_t> at_byte;  // the first bad byte of that file
  std::optional<std::uint64_t> offset;   // the first bad record of the log
  std::string detail;
};

/// Acknowledged records are missing or changed. Nothing repairs itself: the text names the place and the command that
/// restores the log from a backup.
class LogDamaged : public std::runtime_error {
 public:
  explicit LogDamaged(Damage damage);
  const Damage& damage() const { return damage_; }

 private:
  Damage damage_;
};

}  // namespace daybook::eventstore
