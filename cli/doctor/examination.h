#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "cli/doctor/report.h"

namespace daybook::cli {

/// Looks at one thing after the other, at none for longer than it may take: a disk or a name server that hangs is left
/// hanging, and then nothing more is looked at.
class Examination {
 public:
  /// Remedies that say `daybook doctor` mean this call of it: `again`, as a shell takes it.
  explicit Examination(std::string again) : again_(std::move(again)) {}

  void add(Check check);

  /// Adds what `look` finds. What it throws, and that it took longer than `limit`, are failures under `name`. In the
  /// latter case it goes on by itself, so it holds what it needs by value.
  void look(const std::string& name, std::chrono::seconds limit, std::function<Checks()> look);

  /// What was found so far.
  const Checks& checks() const { return checks_; }
  /// Something is still being looked at: the process must end without waiting for it (_exit).
  bool is_left_hanging() const { return is_left_hanging_; }

 private:
  const std::string again_;
  Checks checks_;
  bool is_left_hanging_ = false;
};

}  // namespace daybook::cli
