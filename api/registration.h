#pragma once

#include "eventstore/writers.h"
#include "projections/state_store.h"

namespace daybook::api {

/// Gives a workspace that is registered with the system its first commit; does nothing where it is
/// not registered, or has one. Nobody was ever shown a key of its owner, so it begins without one: the operator issues
/// it.
void begin_registered(model::WorkspaceId workspace, const projections::StateStore& state, eventstore::Writers& writers);

}  // namespace daybook::api
