#pragma once

#include "api/router.h"

namespace daybook::api {

/// Contacts: create, merge patch, upsert by e-mail, secondary e-mails, tags, notes.
std::vector<Route> contact_routes();

}  // namespace daybook::api
