#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "daybook/v1/workspace.pb.h"
#include "domain/result.h"
#include "domain/store.h"

namespace daybook::domain {

/// Rule 1: who counts as a contact, under the workspace's setting or the one given instead.
std::vector<FieldError> check_identity(std::string_view contact,
                                       const std::optional<v1::Settings::ContactIdentity>& identity, const View& view);

}  // namespace daybook::domain
