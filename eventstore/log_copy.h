#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "eventstore/log.h"
#include "eventstore/log_tenure.h"
#include "model/uuid.h"

namespace daybook::eventstore {

/// What was copied, and compared.
struct CopyFigures {
  std::uint64_t commits = 0;
  std::uint64_t parts = 0;
  std::uint64_t keys = 0;
  std::uint64_t workspaces = 0;
};

/// Moves the history of a log, with its wrapped keys, into an empty log of any kind and number of partitions: each
/// workspace goes to its partition there (`partition_of`), in the order of MergedHistory. What the chains cover stays
/// the same bytes, so ids, positions and hashes survive; fences are new, and records that did not count stay behind.
/// Needs no key, and memory for the wrapped keys alone.
///
/// Both logs are claimed, so a server that still writes to one of them is replaced. Everything is read back and
/// compared before the source is told that it ends here; where anything fails before that, the source is as it was.
///
/// Of the source the last partition is claimed first and ended first. A server claims it last, and decides nothing
/// before: so once it has ended, no other partition has grown since it was copied, and none ever will.
class LogCopy {
 public:
  struct Options {
    model::Uuid instance;
    std::string destination;  // for the people who start the source again
    std::int64_t time_us = 0;
    /// Told now and then how far it is with what: offsets reached, and ends, of all partitions together.
    std::function<void(const char* doing, std::uint64_t done, std::uint64_t all)> on_progress;
  };

  /// The logs outlive it.
  LogCopy(Log& from, Log& to, Options options);

  /// Throws LogMoved where the source was moved before, LogDamaged where either cannot be read or is not what it should
  /// be, and std::runtime_error with the remedy where the destination holds records, a log takes none, or another
  /// process claims one of them meanwhile. Where a run to the same destination ended before all partitions of the
  /// source had, they have when LogMoved is thrown. Runs once.
  CopyFigures run();

 private:
  void open_source();
  void require_empty_destination() const;
  void copy();
  void compare();
  void compare_keys();
  void end_source();
  void end(LogTenure& tenure) const;
  void end_rest() const;
  std::vector<std::vector<WrappedKey>> keys_by_destination() const;

  Log& from_;
  Log& to_;
  const Options options_;
  std::vector<std::unique_ptr<LogTenure>> source_;  // by partition
  std::vector<std::uint64_t> ends_;                 // of what is copied, by partition of the source
  CopyFigures figures_;
};

}  // namespace daybook::eventstore
