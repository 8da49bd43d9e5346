#pragma once

#include <chrono>
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

/// What ties an answer to its request in logs, here and at the client's.
struct Tracing {
  std::string request_id;   // the client's X-Request-Id, or a new one
  std::string traceparent;  // the client's, if it is one (W3C Trace Context); else empty
  std::chrono::steady_clock::time_point started;
};
Tracing tracing_of(const Request& request, const Service& service);
/// The headers that say so: X-Request-Id, and traceparent with a span of our own.
void add_tracing(const Tracing& tracing, const Service& service, Response& response);

/// One authenticated request on its way through a route. Everything a route may touch of the workspace comes from here,
/// so it cannot name another one. Copyable: what answers later holds a copy.
class Call {
 public:
  Call(std::shared_ptr<Exchange> exchange, const Service& service, const Route& route, PathValues values,
       Principal principal, Parameters parameters, Tracing tracing);

  const Request& request() const { return exchange_->request(); }
  Exchange& exchange() const { return *exchange_; }
  std::shared_ptr<Exchange> shared_exchange() const { return exchange_; }
  const Service& service() const { return service_; }
  const Route& route() const { return route_; }
  const Principal& principal() const { return principal_; }
  model::WorkspaceId workspace() const { return principal_.workspace; }
  const std::string& request_id() const { return tracing_.request_id; }
  const Tracing& tracing() const { return tracing_; }
  /// The client's trace context; empty if it gave none.
  const std::string& traceparent() const { return tracing_.traceparent; }
  const std::string& value(std::size_t index) const { return values_.at(index); }
  /// The id in the path; nothing if it is not a UUID, which is answered like an unknown one.
  std::optional<model::Uuid> id(std::size_t index = 0) const { return model::Uuid::parse(values_.at(index)); }

  const Parameters& parameters() const { return parameters_; }
  std::optional<std::string> parameter(std::string_view name) const;
  /// Answers 400 and gives false if a parameter is none of these (nor dry_run on commands, min_position on reads).
  bool allow_parameters(std::initializer_list<std::string_view> names);
  bool flag(std::string_view name) const { return parameter(name) == "true"; }
  /// Whether the client has what this ETag names (If-None-Match), so that 304 answers it.
  bool is_cached(const std::string& etag) const;

  /// The workspace's rows as they stand now.
  std::unique_ptr<domain::RowReader> rows() const {
    return service_.state.rows(workspace(), service_.state.snapshot());
  }

  /// The same call about another workspace: for operator routes, whose path names one.
  Call in_workspace(model::WorkspaceId workspace) const;

  /// Somebody has read the body: what is in it is not ignored in silence.
  void body_was_read() { body_read_ = true; }
  bool has_unread_body() const { return !body_read_ && !request().body.empty(); }

  /// The body has fields that are not valid: its command is decided all the same, for what that finds, and then
  /// refused.
  void refuse_fields(domain::Rejection refusal) { refused_fields_ = std::move(refusal); }
  const std::optional<domain::Rejection>& refused_fields() const { return refused_fields_; }

  void reply(Response response);
  /// Begins an answer of unknown length (Exchange::start_stream).
  bool start_stream(Response head);
  /// 200 (or another status) with a JSON body, and Daybook-Position.
  void reply_json(unsigned status, std::string body, std::uint64_t position);
  void reject(const domain::Rejection& rejection);
  void reject(std::string_view code, std::string_view detail);
  /// 400 invalid_parameter, of that query parameter or header.
  void reject_parameter(std::string_view name, std::string_view detail);
  void not_found();

 private:
  void count(unsigned status) const;
  std::optional<domain::Rejection> parameter_refusal(const std::string& name, const std::string& value,
                                                     const std::vector<std::string_view>& known) const;

  std::shared_ptr<Exchange> exchange_;
  const Service& service_;
  const Route& route_;
  PathValues values_;
  Principal principal_;
  Parameters parameters_;
  Tracing tracing_;
  bool body_read_ = false;
  std::optional<domain::Rejection> refused_fields_;
};

}  // namespace daybook::api
