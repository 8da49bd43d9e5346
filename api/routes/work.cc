#include "api/routes/work.h"

#include "api/command.h"
#include "api/routes/records.h"
#include "daybook/v1/work.pb.h"
#include "domain/activity.h"
#include "domain/email.h"

namespace daybook::api {
namespace {

using Change = domain::Result<domain::Events> (*)(const model::Uuid&, const domain::View&, const domain::Context&);

// A command about the record of the path that needs nothing else.
Handle change(const model::Kind& kind, Change decide) {
  return [&kind, decide](Call& call) {
    if (!call.allow_parameters({})) return;
    const auto id = call.id();
    if (!id) return call.not_found();
    run_command(
        call,
        [&kind, id = *id, decide](const domain::View& view, const domain::Context& context) -> domain::Result<Decided> {
          auto events = decide(id, view, context);
          if (!events) return std::unexpected(std::move(events.error()));
          return Decided{std::move(*events), 200, &kind, id, {}};
        },
        {&kind, *id, {}, {}});
  };
}

void append(std::vector<Route>& routes, std::vector<Route> more) {
  for (Route& route : more) routes.push_back(std::move(route));
}

}  // namespace

std::vector<Route> work_routes() {
  const model::Kind& activity = domain::kind_of<v1::Activity>();
  const model::Kind& email = domain::kind_of<v1::Email>();
  std::vector<Route> routes{
      {"POST", "/v1/activities/{id}/complete", "activities:write", change(activity, domain::complete_activity)},
      {"POST", "/v1/activities/{id}/reopen", "activities:write", change(activity, domain::reopen_activity)},
      {"GET", "/v1/tags", "contacts:read", list_records("tag")},
      {"POST", "/v1/tags", "contacts:write", create_record("tag")},
      {"GET", "/v1/tags/{id}", "contacts:read", get_record("tag")},
      {"GET", "/v1/emails", "records:read", list_records("email")},
      {"GET", "/v1/emails/{id}", "records:read", get_record("email")},
      {"POST", "/v1/emails/{id}/retry", "records:write", change(email, domain::retry_email)},
      {"POST", "/v1/emails/{id}/drop", "records:write", change(email, domain::drop_email)},
  };
  append(routes, generic_routes("company", "companies"));
  append(routes, generic_routes("note", "activities"));
  append(routes, generic_routes("activity", "activities"));
  for (const model::Kind& kind : model::schema().kinds()) {
    if (kind.generic_routes) append(routes, generic_routes(kind.name, "records"));
  }
  return routes;
}

}  // namespace daybook::api
