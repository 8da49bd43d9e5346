#pragma once

#include "api/router.h"

namespace daybook::api {

/// Notes, activities, companies, tags, and every kind that needs no more than the generic routes.
std::vector<Route> work_routes();

}  // namespace daybook::api
