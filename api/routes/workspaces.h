#pragma once

#include "api/router.h"

namespace daybook::api {

/// The caller's own workspace, its members and its API keys.
std::vector<Route> workspace_routes();

}  // namespace daybook::api
