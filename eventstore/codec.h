#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "domain/event.h"
#include "eventstore/chain.h"
#include "eventstore/codec_events.h"
#include "eventstore/codec_record.h"
#include "eventstore/commit.h"
#include "eventstore/keyring.h"
#include "eventstore/log.h"
#include "model/uuid.h"

namespace daybook::eventstore {

/// The id of an event outside: UUIDv8 (RFC 9562 §5.8) from SHA-256(workspace | command | index, 8 bytes big-endian).
/// `index` counts the events of the command from 0, those of its parts first.
model::Uuid event_id(model::WorkspaceId workspace, const model::Uuid& command, std::uint64_t index);

/// A record ready to be appended.
struct SealedCommit {
  Append append;
  ChainHead after;  // where the workspace's history stands once it is effective
};
struct SealedPart {
  Append append;
  Hash hash;  // goes into the closing commit's parts_hash, in the order of the indexes
};

/// Turns commits into records and back: two layers of sealing, and the split of every event into its plain and its
/// personal half (architecture §6, docs/log-format.md). The domain never sees any of it: a personal half that can no
/// longer be opened, because its subject's key was destroyed, is simply not there.
///
/// Thread-safe: any number of threads may open while each workspace's writer seals. An event whose subject is nil or
/// its own record is sealed under the record's own key, and opens with the record as its subject.
class CommitCodec {
 public:
  /// `keyring` outlives the codec.
  explicit CommitCodec(Keyring& keyring);

  /// `commit.first_position` is not read: the commit begins where `head` stands. `append.keys` holds the rows of the
  /// keys that are pending; report them to the keyring (settle, abandon) when the fate of the record is known. Throws
  /// std::logic_error on an event name that the schema lacks and on parts without hash or key, std::length_error when
  /// the record would exceed kMaxRecordBytes (use parts then), KeyRefused, and what the log throws; the keys made for
  /// it are abandoned then.
  SealedCommit seal(const Commit& commit, const ChainHead& head, const Fence& fence);

  /// The commit of a record whose header was checked against the chain, or why it cannot be read.
  std::expected<Commit, HistoryDamage> open(std::string_view header, std::string_view sealed_body);

  /// `part_key`: Key::random(), the same for all parts of a command, kept by nobody but its closing commit.
  SealedPart seal_part(model::WorkspaceId workspace, const model::Uuid& command, std::uint32_t index,
                       const std::vector<domain::Event>& events, const Key& part_key, const Fence& fence);

  /// The events of a part under `Commit::part_key`. `position` is for the message of a HistoryDamage alone.
  std::expected<std::vector<domain::Event>, HistoryDamage> open_part(const PartRecord& part, std::string_view part_key,
                                                                     std::uint64_t position);

 private:
  std::expected<Commit, std::string> read_open_body(const CommitHeader& header, std::string_view body);

  Keyring& keyring_;
  const EventMessages messages_;
};

}  // namespace daybook::eventstore
