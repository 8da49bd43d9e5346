#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <vector>

#include "eventstore/chain.h"
#include "eventstore/codec.h"
#include "eventstore/log.h"
#include "eventstore/projection.h"

namespace daybook::eventstore {

/// Where commands in parts stand, as every reader of a partition keeps it in its position.

/// An effective part was read: nothing but the place where its command begins is kept, for its key comes with the
/// commit.
void note_part(PartitionPosition& position, const PartRecord& part, std::uint64_t offset);
/// A new writer took the partition: none can close what the one before it left open.
void drop_unclosed(PartitionPosition& position);

/// A commit with parts, read slice by slice in bounded memory: the events of each part, then the commit's own. Records
/// of other commands stand between the parts. One thread uses it; log and codec outlive it.
class BigFold {
 public:
  struct Source {
    Log& log;
    CommitCodec& codec;
    std::uint32_t partition = 0;
  };
  /// The commit's record, so far as it stands outside of its body.
  struct Closing {
    std::uint64_t offset = 0;
    std::uint64_t epoch = 0;  // its parts have it too
  };

  /// Begins with a commit that was just read; its place in the position is marked as closed.
  static std::expected<BigFold, HistoryDamage> begin(const Source& source, OpenedCommit opened, const Closing& closing,
                                                     PartitionPosition& position);
  /// Goes on after a restart where `place`, whose command is closed, stands. Throws std::runtime_error where no commit
  /// is at its offset: state and log do not belong together.
  static std::expected<BigFold, HistoryDamage> resume(const Source& source, const BigPosition& place);

  /// The next slice, valid until the next call and until this moves; `position` is moved on past it. The last one takes
  /// the command's place out of it. Before the first one all parts must be there as the commit names them. Throws
  /// LogUnreachable; then it can be called again.
  std::expected<CommitSlice, HistoryDamage> next(PartitionPosition& position);

  const OpenedCommit& opened() const { return *opened_; }

 private:
  BigFold(const Source& source, OpenedCommit opened, std::uint64_t epoch, const BigPosition& place);

  HistoryDamage damage(std::string what) const;
  std::expected<void, HistoryDamage> check_parts(const BigPosition& place) const;
  std::optional<LogRecord> next_part(LogReader& reader, std::uint32_t index,
                                     const std::optional<std::uint64_t>& end) const;

  Source source_;
  std::unique_ptr<OpenedCommit> opened_;  // slices refer to it
  std::uint64_t epoch_;
  std::unique_ptr<LogReader> reader_;
  bool is_checked_ = false;
  std::vector<domain::Event> events_;  // of the slice handed out last
};

}  // namespace daybook::eventstore
