#pragma once

#include "api/router.h"

namespace daybook::api {

/// The contract of the public events, as `daybook contract` writes it: /contract names every file, the others are the
/// files. Each carries an ETag.
std::vector<Route> contract_routes();

}  // namespace daybook::api
