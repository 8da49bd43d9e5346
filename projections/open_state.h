#pragma once

#include <functional>
#include <memory>
#include <string>

#include "projections/state_store.h"

namespace daybook::projections {

/// Opens or creates the state that a server folds into. Rows of another fingerprint (derived_rows.h) are never served:
/// they are deleted, `say` gets a line, and the writer folds the log anew. Throws what StateStore does.
std::unique_ptr<StateStore> open_state(const StateStore::Options& options,
                                       const std::function<void(const std::string&)>& say);

}  // namespace daybook::projections
