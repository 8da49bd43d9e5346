#pragma once

#include <cstdint>
#include <functional>
#include <unordered_map>

#include "eventstore/chain.h"
#include "eventstore/log.h"
#include "model/uuid.h"

namespace daybook::eventstore {

/// A workspace's history, whatever partition it is on and under which fences: equal where each record is.
struct HistoryDigest {
  std::uint64_t commits = 0;
  std::uint64_t parts = 0;
  ChainHead head;
  Hash records{};  // SHA-256(the same before | record without its fence), of each record that counts, parts included
  bool operator==(const HistoryDigest&) const = default;
};

/// Of each workspace on a partition, up to the offset `end`; some 150 bytes a workspace. `on_record` is told the offset
/// of each record. Throws LogDamaged where a chain does not fit together, and as PartitionHistory::next.
std::unordered_map<model::WorkspaceId, HistoryDigest> digest_histories(
    Log& log, std::uint32_t partition, std::uint64_t end, const std::function<void(std::uint64_t)>& on_record);

}  // namespace daybook::eventstore
