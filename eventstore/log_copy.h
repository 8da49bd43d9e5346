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
/// Needs no key, and memory for the wrapped keys and some bytes a workspace.
///
/// Both logs are claimed, so a server that still writes to one of them is replaced. Everything is read back and
/// compared before the source is told that it ends here, partition by partition; where anything fails before that, the
/// source is as it was. What fails in between leaves a log that nobody serves, and the same copy once more ends the
/// rest of it.
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

  /// Once. Throws LogMoved where all of the source was moved before, or some of it to somewhere else; LogDamaged where
  /// either log cannot be read or is not what it should be; and std::runtime_error with the remedy where the
  /// destination holds records, a log takes none, or another process claims one of them meanwhile.
  CopyFigures run();

 private:
  bool open_source();
  bool is_destination_empty() const;
  void copy();
  bool has_equal_histories();
  bool has_all_keys();
  void end_source();
  std::vector<std::vector<WrappedKey>> keys_by_destination() const;

  Log& from_;
  Log& to_;
  const Options options_;
  std::vector<std::unique_ptr<LogTenure>> source_;  // by partition; none of those that have ended
  std::vector<std::uint64_t> ends_;                 // of what is copied of them
  CopyFigures figures_;
};

}  // namespace daybook::eventstore
