#pragma once

#include "api/router.h"

namespace daybook::api {

/// The description of the interface: OpenAPI for machines, pages for people. Needs no network but this server.
std::vector<Route> docs_routes();

}  // namespace daybook::api
