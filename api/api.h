#pragma once

#include <memory>

#include "api/metrics/http_figures.h"
#include "api/places.h"
#include "api/router.h"
#include "api/server/options.h"
#include "api/service.h"

namespace daybook::api {

/// The HTTP interface: authenticates, finds the route, hands the call over. One object serves all threads.
class Api {
 public:
  /// Fills `service.router` and `service.http`. `service` outlives the Api.
  explicit Api(Service& service);

  /// For the server (server/server.h).
  void handle(std::shared_ptr<Exchange> exchange) const;
  BodyRule body_rule(const Request& head) const;
  const Router& router() const { return router_; }
  HttpFigures& figures() { return figures_; }

 private:
  const Service& service_;
  const Places doubtful_uploads_;
  Router router_;
  HttpFigures figures_;
};

/// Every endpoint, one line each.
std::vector<Route> all_routes();

}  // namespace daybook::api
