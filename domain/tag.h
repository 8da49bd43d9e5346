#pragma once

#include <string>
#include <vector>

#include "daybook/v1/contact.pb.h"
#include "domain/draft.h"
#include "domain/kind_rules.h"

namespace daybook::domain {

/// The live tag of this name in any case; created in the draft where it is missing. Rejects names that are not valid.
Result<model::Uuid> find_or_create_tag(std::string_view name, Draft& draft, const Context& context);
std::optional<model::Uuid> find_tag(std::string_view name, const View& view);

KindRules tag_rules();

}  // namespace daybook::domain
