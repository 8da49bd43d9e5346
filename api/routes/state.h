#pragma once

#include "api/router.h"

namespace daybook::api {

/// The read models as files, for another node that starts.
std::vector<Route> state_routes();

}  // namespace daybook::api
