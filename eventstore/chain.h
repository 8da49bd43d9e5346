#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "eventstore/codec_record.h"
#include "eventstore/commit.h"
#include "model/uuid.h"

namespace daybook::eventstore {

/// Why a workspace's history cannot be read past a position. A value, because other workspaces go on.
struct HistoryDamage {
  enum class Reason : std::uint8_t {
    kDamaged,         // bytes are not what was written, or a later version wrote them
    kNoWorkspaceKey,  // the key was destroyed with the workspace, or its row is lost
  };
  Reason reason = Reason::kDamaged;
  std::optional<model::WorkspaceId> workspace;  // nothing where the header itself is unreadable
  std::uint64_t position = 0;                   // first position of the commit
  std::string what;                             // what does not fit

  /// One line with everything, for logs and `daybook verify`.
  std::string text() const;
};

/// The audit chain of a workspace: each commit's header holds the hash of the one before it. It covers sealed bytes and
/// no fence, so it is verified without keys and stays the same on another log (docs/log-format.md). Pure functions.

/// SHA-256(header | sealed body).
Hash chain_hash(std::string_view header, std::string_view sealed_body);

/// SHA-256(workspace | command | index, 4 bytes big-endian | sealed body): a Part without its fence.
Hash part_hash(const PartRecord& part);

/// SHA-256 over the hashes of a command's parts in the order of their indexes; 32 zero bytes where there are none.
Hash parts_hash(std::span<const Hash> parts);

/// Whether a commit is the next one of its workspace: previous_hash and first_position fit where the history stands.
std::expected<void, HistoryDamage> check(const CommitHeader& header, const ChainHead& head);

/// Where the history stands after a commit.
ChainHead head_after(const CommitHeader& header, std::string_view header_bytes, std::string_view sealed_body);

}  // namespace daybook::eventstore
