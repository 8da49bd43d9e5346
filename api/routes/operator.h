#pragma once

#include "api/router.h"

namespace daybook::api {

/// What only the operator key opens: workspaces, their plans, and a new owner's key for one that lost its own.
std::vector<Route> operator_routes();

}  // namespace daybook::api
