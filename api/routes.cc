#include "api/api.h"
#include "api/routes/contacts.h"
#include "api/routes/contract.h"
#include "api/routes/deals.h"
#include "api/routes/docs.h"
#include "api/routes/imports.h"
#include "api/routes/operator.h"
#include "api/routes/pipelines.h"
#include "api/routes/reads.h"
#include "api/routes/state.h"
#include "api/routes/system.h"
#include "api/routes/work.h"
#include "api/routes/workspaces.h"

namespace daybook::api {

std::vector<Route> all_routes() {
  std::vector<Route> routes;
  for (auto* part : {system_routes, docs_routes, contract_routes, operator_routes, workspace_routes, contact_routes,
                     deal_routes, pipeline_routes, work_routes, read_routes, import_routes, state_routes}) {
    for (Route& route : part()) routes.push_back(std::move(route));
  }
  return routes;
}

}  // namespace daybook::api
