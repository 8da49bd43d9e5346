#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "eventstore/log.h"
#include "model/uuid.h"

namespace daybook::eventstore {

/// What was copied, and compared.
struct CopyFigures {
  std::uint64_t commits = 0;
  std::uint64_t parts = 0;
  std::uint64_t keys = 0;
  std::uint64_t workspaces = 0;
};

/// Moves one partition's history, with its wrapped keys, into an empty log of any kind. What the chains cover stays the
/// same bytes, so ids, positions and hashes survive; fences are new, and records that did not count stay behind. Needs
/// no key, and memory for the wrapped keys alone.
///
/// Both logs are claimed, so a server that still writes to one of them is replaced. Everything is read back and
/// compared before the source is told that it ends here; where anything fails before that, the source is as it was.
class LogCopy {
 public:
  struct Options {
    std::uint32_t partition = 0;
    model::Uuid instance;
    std::string destination;  // for the people who start the source again
    std::int64_t time_us = 0;
    /// Told now and then how far it is with what: offset reached, and end.
    std::function<void(const char* doing, std::uint64_t done, std::uint64_t all)> on_progress;
  };

  /// The logs outlive it.
  LogCopy(Log& from, Log& to, Options options);

  /// Throws LogMoved where the source was moved before, LogDamaged where either cannot be read or is not what it should
  /// be, and std::runtime_error with the remedy where the destination holds records, a log takes none, or another
  /// process claims one of them meanwhile.
  CopyFigures run();

 private:
  void copy(std::uint64_t end);
  void compare(std::uint64_t end);

  Log& from_;
  Log& to_;
  const Options options_;
  CopyFigures figures_;
};

}  // namespace daybook::eventstore
