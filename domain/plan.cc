#include "domain/plan.h"

#include <algorithm>

#include "daybook/v1/contact.pb.h"
#include "domain/workspace.h"

namespace daybook::domain {
namespace {

const model::Kind& workspaces() { return kind_of<v1::Workspace>(); }

bool touches(const model::Patch& patch, std::uint32_t field) {
  return !model::field_bytes(patch.set, field).empty() ||
         std::find(patch.cleared.begin(), patch.cleared.end(), field) != patch.cleared.end();
}

std::vector<FieldError> unknown_entitlements(const v1::Workspace& workspace) {
  const auto known = entitlements_of(v1::Workspace::PLAN_PRO);
  std::vector<FieldError> errors;
  for (int i = 0; i < workspace.entitlements_size(); ++i) {
    if (std::find(known.begin(), known.end(), workspace.entitlements(i)) != known.end()) continue;
    errors.push_back({"/entitlements/" + std::to_string(i), "invalid_value",
                      "An entitlement is crm, crm:import, crm:export or crm:cleanup."});
  }
  return errors;
}

}  // namespace

// Found by event_types through its arguments, hence not in the unnamed namespace.
static void apply(const v1::WorkspacePlanSet& set, const Event& event, Store& store) {
  v1::Workspace change;
  std::vector<std::uint32_t> cleared;
  if (set.has_plan()) change.set_plan(set.plan());
  *change.mutable_entitlements() = set.entitlements();
  if (set.entitlements().empty()) cleared.push_back(v1::Workspace::kEntitlementsFieldNumber);
  if (set.has_limits()) {
    *change.mutable_limits() = set.limits();
  } else {
    cleared.push_back(v1::Workspace::kLimitsFieldNumber);
  }
  store.patch(workspaces(), event.id, change.SerializeAsString(), cleared);
}

Result<Events> set_plan(const model::Patch& patch, const View& view, const Context&) {
  const model::Uuid id = view.workspace().value;
  const auto before = find_live(workspaces(), id, view);
  if (!before) return std::unexpected(before.error());
  auto after = parse<v1::Workspace>(model::overlay(*before, patch.set, patch.cleared));
  if (!after.has_plan() && touches(patch, v1::Workspace::kPlanFieldNumber)) {
    return invalid("/plan", "required", "A workspace has a plan: free or pro.");
  }
  const bool gives_plan = touches(patch, v1::Workspace::kPlanFieldNumber);
  if (gives_plan && !touches(patch, v1::Workspace::kEntitlementsFieldNumber)) {
    after.clear_entitlements();
    for (const std::string& entitlement : entitlements_of(after.plan())) after.add_entitlements(entitlement);
  }
  if (auto errors = unknown_entitlements(after); !errors.empty()) return invalid(std::move(errors));
  if (!after.limits().has_crm_contacts()) after.clear_limits();
  if (model::changed_fields(*before, model::overlay({}, after.SerializeAsString(), {})).empty()) return Events{};
  v1::WorkspacePlanSet set;
  if (after.has_plan()) set.set_plan(after.plan());
  *set.mutable_entitlements() = after.entitlements();
  if (after.has_limits()) *set.mutable_limits() = after.limits();
  return Events{business_event(set, id, subject_of(id, *before))};
}

std::optional<Rejection> check_contact_limit(const View& view) {
  const v1::Limits limits = limits_of(view);
  if (!limits.has_crm_contacts()) return std::nullopt;
  const std::int64_t use = view.live_count(kind_of<v1::Contact>());
  if (use < limits.crm_contacts()) return std::nullopt;
  return Rejection{"limit_reached",
                   "The plan allows " + std::to_string(limits.crm_contacts()) + " contacts, and there are " +
                       std::to_string(use) + ".",
                   {},
                   {},
                   Rejection::Limit{limits.crm_contacts(), use}};
}

std::vector<EventType> plan_events() { return event_types<v1::WorkspacePlanSet>(); }

std::vector<std::string> entitlements_of(v1::Workspace::Plan plan) {
  if (plan == v1::Workspace::PLAN_FREE) return {"crm"};
  return {"crm", "crm:import", "crm:export", "crm:cleanup"};
}

}  // namespace daybook::domain
