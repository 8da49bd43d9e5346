#pragma once

#include <chrono>

namespace daybook::cli {

/// Ctrl-C (SIGINT) as something to ask for instead of the end of the process, while this lives. For a program of one
/// thread, one at a time.
class Interrupts {
 public:
  /// Throws std::runtime_error where the system has no descriptor left.
  Interrupts();
  /// Ctrl-C ends the process again.
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// Waits so long, or until the next Ctrl-C; whether there was one.
  bool wait(std::chrono::milliseconds pause);

 private:
  int descriptor_;
};

}  // namespace daybook::cli
