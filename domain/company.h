#pragma once

#include "daybook/v1/company.pb.h"
#include "domain/kind_rules.h"

namespace daybook::domain {

/// The oldest live company of this name, case-folded and with white space squeezed (rule 7).
std::optional<model::Uuid> find_company(std::string_view name, const View& view);

KindRules company_rules();

}  // namespace daybook::domain
