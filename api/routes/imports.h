#pragma once

#include "api/router.h"

namespace daybook::api {

/// Files in: upload, look, try, do, and what became of the rows.
std::vector<Route> import_routes();

}  // namespace daybook::api
