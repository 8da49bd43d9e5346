#pragma once

#include <iosfwd>
#include <vector>

#include "eventstore/projection.h"

namespace daybook::cli {

/// Writes commits of the log, each as one JSON object in one line, for checkers of another origin: `workspace`,
/// `position` (of its first event), `command`, `time`, `actor`, `origin`, `request_id`, `idempotency` (whether it
/// carried a key) and `events`, each with `position`, `name`, `kind`, `id`, `cleared` (names of fields set to null) and
/// `data`. A commit with parts is written slice by slice, so no line need fit into memory here.
///
/// `data` holds the fields that stand in the event by their names in the model, internal ones too and secret ones
/// never: ids as UUIDs, times in RFC 3339, options by their lower-case names, money as an integer of minor units.
class CommitDump {
 public:
  /// `out` outlives the dump; see there whether it took everything.
  explicit CommitDump(std::ostream& out) : out_(out) {}

  void commit(const eventstore::Commit& commit);
  /// Slices of one commit come in a row.
  void slice(const eventstore::CommitSlice& slice);
  /// Ends a line whose last slice does not come, because its history is damaged there.
  void end();

 private:
  void begin(const eventstore::Commit& commit);
  void events(const std::vector<domain::Event>& events, std::uint64_t first_position, bool are_first);

  std::ostream& out_;
  bool in_line_ = false;
};

}  // namespace daybook::cli
