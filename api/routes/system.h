#pragma once

#include "api/router.h"

namespace daybook::api {

/// Health, figures and version, for those who run the server.
std::vector<Route> system_routes();

}  // namespace daybook::api
