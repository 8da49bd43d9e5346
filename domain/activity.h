#pragma once

#include "domain/kind_rules.h"

namespace daybook::domain {

/// A task that is done, or not done after all. Repeating either emits nothing.
Result<Events> complete_activity(const model::Uuid& id, const View& view, const Context& context);
Result<Events> reopen_activity(const model::Uuid& id, const View& view, const Context& context);

KindRules activity_rules();

}  // namespace daybook::domain
