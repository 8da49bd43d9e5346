#pragma once

#include "api/router.h"

namespace daybook::api {

/// Health and version, for those who run the server.
std::vector<Route> system_routes();

}  // namespace daybook::api
