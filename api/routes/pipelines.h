#pragma once

#include "api/router.h"

namespace daybook::api {

/// Pipelines, their stages and their boards.
std::vector<Route> pipeline_routes();

}  // namespace daybook::api
