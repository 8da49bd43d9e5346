#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/credential.h"
#include "api/json/command_reader.h"
#include "api/problem.h"
#include "api/router.h"
#include "api/server/exchange.h"
#include "api/service.h"
#include "domain/store.h"
#include "model/json_writer.h"

namespace daybook::api {

/// Decoded query parameters in the order of the request.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// One authenticated request on its way through a route. Everything a route may touch of the workspace comes from here,
/// so it cannot name another one. Copyable: what answers later holds a copy.
class Call {
 public:
  Call(std::shared_ptr<Exchange> exchange, const Service& service, const Route& route, PathValues values,
       Principal principal, Parameters parameters, std::string request_id);

  const Request& request() const { return exchange_->request(); }
  Exchange& exchange() const { return *exchange_; }
  std::shared_ptr<Exchange> shared_exchange() const { return exchange_; }
  const Service& service() const { return service_; }
  const Route& route() const { return route_; }
  const Principal& principal() const { return principal_; }
  model::WorkspaceId workspace() const { return principal_.workspace; }
  const std::string& request_id() const { return request_id_; }
  const std::string& value(std::size_t index) const { return values_.at(index); }
  /// The id in the path; nothing if it is not a UUID, which is answered like an unknown one.
  std::optional<model::Uuid> id(std::size_t index = 0) const { return model::Uuid::parse(values_.at(index)); }

  const Parameters& parameters() const { return parameters_; }
  std::optional<std::string> parameter(std::string_view name) const;
  /// Answers 400 and gives false if a parameter is none of these (nor dry_run on commands, min_position on reads).
  bool allow_parameters(std::initializer_list<std::string_view> names);
  bool flag(std::string_view name) const { return parameter(name) == "true"; }

  /// The workspace's rows as they stand now.
  std::unique_ptr<domain::RowReader> rows() const {
    return service_.state.rows(workspace(), service_.state.snapshot());
  }

  void reply(Response response);
  /// 200 (or another status) with a JSON body, and Daybook-Position.
  void reply_json(unsigned status, std::string body, std::uint64_t position);
  void reject(const domain::Rejection& rejection);
  void reject(std::string_view code, std::string_view detail);
  void not_found();

 private:
  std::shared_ptr<Exchange> exchange_;
  const Service& service_;
  const Route& route_;
  PathValues values_;
  Principal principal_;
  Parameters parameters_;
  std::string request_id_;
};

}  // namespace daybook::api
