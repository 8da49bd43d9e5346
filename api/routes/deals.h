#pragma once

#include "api/router.h"

namespace daybook::api {

/// Deals: create, merge patch, move, bulk move.
std::vector<Route> deal_routes();

}  // namespace daybook::api
