#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "eventstore/log.h"
#include "projections/state_store.h"

namespace daybook::projections {

/// Opens or creates the state that a server folds into. Rows of another fingerprint (derived_rows.h) are never served:
/// they are deleted, `say` gets a line, and the writer folds the log anew. Throws what StateStore does.
std::unique_ptr<StateStore> open_state(const StateStore::Options& options,
                                       const std::function<void(const std::string&)>& say);

/// Why a state that another node folded is of no use to this one, which has this log: another program derived its rows,
/// or its positions are not places of the log. Nothing where it fits. A record that the log does not know of yet is
/// waited for so long. Throws LogUnreachable.
std::optional<std::string> find_misfit(const StateStore& state, eventstore::Log& log,
                                       std::chrono::milliseconds patience);

}  // namespace daybook::projections
