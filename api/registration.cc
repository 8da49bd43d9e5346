#include "api/registration.h"

#include "daybook/v1/workspace.pb.h"
#include "domain/workspace.h"
#include "projections/projector.h"

namespace daybook::api {

void begin_registered(model::WorkspaceId workspace, const projections::StateStore& state,
                      eventstore::Writers& writers) {
  if (projections::read_head(*state.rows(workspace)).last_position() > 0) return;
  const auto system = state.rows(model::WorkspaceId{});
  const auto tenant = domain::View(*system, {}).find<v1::Tenant>(workspace.value);
  if (!tenant) return;
  eventstore::Submission submission;
  submission.workspace = workspace;
  submission.actor.kind = domain::Actor::Kind::kSystem;
  submission.origin = "registration";
  submission.decide = [tenant = *tenant](const domain::View& view,
                                         const domain::Context& context) -> domain::Result<eventstore::Decision> {
    auto events = domain::begin_workspace({tenant.name(),
                                           tenant.slug(),
                                           tenant.currency(),
                                           tenant.timezone(),
                                           tenant.owner_name(),
                                           tenant.owner_email(),
                                           model::Uuid::from_bytes(tenant.owner_id()).value_or(model::Uuid{}),
                                           {},
                                           {},
                                           {}},
                                          view, context);
    if (!events) return std::unexpected(std::move(events.error()));
    return eventstore::Decision{std::move(*events), {}};
  };
  submission.done = [](const eventstore::Outcome&) {};
  writers.submit(std::move(submission));
}

}  // namespace daybook::api
