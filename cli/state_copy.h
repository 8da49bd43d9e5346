#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/server_log.h"
#include "eventstore/log.h"
#include "projections/state_store.h"

namespace daybook::cli {

/// Other nodes of the same log, which may have read models already.
struct StatePeers {
  std::function<std::vector<std::string>()> urls;          // asked in order; called only where a copy is wanted
  std::string operator_key;                                // of this node, and so of theirs
  std::function<void(std::uint64_t bytes)> on_progress{};  // several times a second while a copy comes; may throw
};

/// The state that a server folds into (projections::open_state). Where nothing was folded into it, and the log is long,
/// the read models of the first peer that hands out fitting ones are put in its place; they come into `state.new`
/// beside it, and are checked there. What was wrong with a peer is said; without any the log is folded from its start.
/// Throws what open_state and `on_progress` throw.
std::unique_ptr<projections::StateStore> open_or_copy_state(const projections::StateStore::Options& options,
                                                            const StatePeers& peers, eventstore::Log& log,
                                                            const ServerLog& lines);

}  // namespace daybook::cli
