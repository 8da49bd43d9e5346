#pragma once

#include <optional>

#include "daybook/v1/workspace.pb.h"
#include "domain/context.h"
#include "domain/kind_rules.h"
#include "domain/result.h"
#include "model/record.h"

namespace daybook::domain {

/// What a workspace may use (rule 14): entitlements, and how much of what.

/// workspace.plan_set, from a merge patch of the workspace's plan, entitlements and limits. A plan given without
/// entitlements brings its own: `free` has crm, `pro` has all. Rejects entitlements that there are not.
Result<Events> set_plan(const model::Patch& patch, const View& view, const Context& context);

/// limit_reached, with the limit and the use, where one more contact would be too many. Counts live contacts exactly;
/// for whoever creates one, since only creating counts.
std::optional<Rejection> check_contact_limit(const View& view);

/// Of the workspace's rules.
std::vector<EventType> plan_events();

/// What the plan has: crm, crm:import, crm:export, crm:cleanup, or the first alone.
std::vector<std::string> entitlements_of(v1::Workspace::Plan plan);

}  // namespace daybook::domain
