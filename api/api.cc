#include "api/api.h"

#include <algorithm>

#include "api/accept.h"
#include "api/call.h"
#include "api/nodes/hand_on.h"
#include "api/page.h"
#include "api/position_wait.h"
#include "api/server/separated.h"
#include "domain/workspace.h"
#include "eventstore/seal.h"

namespace daybook::api {
namespace {

constexpr std::chrono::seconds kPositionWait{10};  // for min_position
constexpr std::size_t kDoubtfulUploads = 4;        // at once, of those that another node may take

std::optional<std::string_view> bearer(const Request& request) {
  const auto header = request.header("Authorization");
  constexpr std::string_view kScheme = "Bearer ";
  if (!header || !equals_ignoring_case(header->substr(0, kScheme.size()), kScheme)) return std::nullopt;
  return header->substr(kScheme.size());
}

std::optional<Parameters> parse_query(std::string_view query) {
  Parameters parameters;
  while (!query.empty()) {
    std::string_view value_text = take_until('&', query);
    if (value_text.empty()) continue;
    const std::string_view name_text = take_until('=', value_text);
    auto name = percent_decode(name_text, true);
    auto value = percent_decode(value_text, true);
    if (!name || !value) return std::nullopt;
    parameters.emplace_back(std::move(*name), std::move(*value));
  }
  return parameters;
}

std::optional<Principal> principal_of(std::string_view credential, const Service& service) {
  if (eventstore::equal_in_constant_time(credential, service.operator_key)) {
    Principal principal;
    principal.is_operator = true;
    principal.actor.kind = domain::Actor::Kind::kOperator;
    return principal;
  }
  const auto key = parse_api_key(credential);
  if (!key) return std::nullopt;
  return authenticate(*key, *service.state.rows(key->workspace), service.clock_us());
}

// What of a request can be refused before its route runs: a code and a sentence, or nothing.
struct Refusal {
  std::string_view code;
  std::string detail;
};
std::optional<Refusal> refusal_of(const Route& route, const std::optional<Principal>& principal,
                                  const Service& service) {
  if (route.scope == "public") return std::nullopt;
  if (!principal) return Refusal{"unauthenticated", "Send Authorization: Bearer with a valid API key."};
  if (route.scope == "operator") {
    if (principal->is_operator) return std::nullopt;
    return Refusal{"forbidden", "This route is for the operator key."};
  }
  if (principal->is_operator)
    return Refusal{"forbidden", "The operator key opens operator routes only; use an API key."};
  if (route.scope == "any") return std::nullopt;
  const auto rows = service.state.rows(principal->workspace);
  const auto settings = domain::settings_of(domain::View(*rows, principal->workspace));
  if (domain::allows(principal->access, route.scope, settings)) return std::nullopt;
  return Refusal{"forbidden", "The key lacks the scope " + route.scope + "."};
}

// Runs the route once the workspace has reached the position that the client has seen.
void run_at_position(Call call, std::uint64_t position) {
  const auto shared = std::make_shared<Call>(std::move(call));
  wait_for_position(shared->service(), shared->shared_exchange(), shared->workspace(), position, kPositionWait,
                    [shared](bool is_reached) {
                      if (is_reached) return shared->route().handle(*shared);
                      shared->reject("unavailable", "The read models have not reached this position yet.");
                    });
}

// Whose partition's owner a request is for: nothing where its credential says nothing of any.
std::optional<model::WorkspaceId> workspace_asked_for(std::string_view credential,
                                                      const std::optional<Principal>& principal,
                                                      const Router::Match& match) {
  if (!principal || !principal->is_operator) {
    const auto key = parse_api_key(credential);
    return key ? std::optional(key->workspace) : std::nullopt;
  }
  const auto named = match.values.empty() ? std::nullopt : model::Uuid::parse(match.values.front());
  return named ? model::WorkspaceId{*named} : model::WorkspaceId{};
}

// Whether another node, which has the partition of the key's workspace, may know more of the key than this one.
bool is_known_better_elsewhere(std::string_view credential, const Service& service) {
  const auto key = service.forwarder == nullptr ? std::nullopt : parse_api_key(credential);
  return key && !service.writers.owns(key->workspace);
}

// A request before it is a call: what is wrong with it is answered here.
class Reception {
 public:
  Reception(std::shared_ptr<Exchange> exchange, const Service& service)
      : exchange_(std::move(exchange)), service_(service), tracing_(tracing_of(exchange_->request(), service)) {}

  void receive(const Router& router) {
    const Request& request = exchange_->request();
    const Router::Match match = router.find(request.method, request.path);
    route_ = match.route;
    if (match.allowed.empty()) return refuse("not_found", "There is no such resource; see /docs.");
    if (route_ == nullptr) return answer_method(match.allowed);
    auto parameters = parse_query(request.query);
    if (!parameters) return refuse("invalid_parameter", "The query string is not valid percent-encoded UTF-8.");
    const auto credential = bearer(request);
    auto principal = credential ? principal_of(*credential, service_) : std::nullopt;
    if (credential && is_for_owner(principal)) {
      const auto workspace = workspace_asked_for(*credential, principal, match);
      if (workspace && hand_on(service_, {exchange_, route_, *workspace, tracing_})) return;
    }
    if (const auto refusal = refusal_of(*route_, principal, service_)) return refuse(refusal->code, refusal->detail);
    if (!accepts(request.header("Accept").value_or(std::string_view{}), route_->media)) {
      return refuse("not_acceptable", "This is served as " + route_->media + " only.");
    }
    run({exchange_, service_, *route_, match.values, principal.value_or(Principal{}), std::move(*parameters),
         tracing_});
  }

 private:
  static void run(Call call) {
    auto min_position = call.parameter("min_position");
    const auto header = call.request().header("Daybook-Min-Position");
    if (!min_position && header) min_position = *header;
    if (!min_position) return call.route().handle(call);
    const auto position = parse_position(*min_position);
    if (!position) return call.reject_parameter("min_position", "min_position is a position: a whole number.");
    run_at_position(std::move(call), *position);
  }

  // A credential that is not known here may be one that the owner has only just made.
  bool is_for_owner(const std::optional<Principal>& principal) const {
    return route_->scope != "public" && (route_->is_command() || route_->is_at_owner || !principal);
  }

  // OPTIONS, and methods that the path does not have.
  void answer_method(const std::vector<std::string>& methods) {
    std::string allow = "OPTIONS";
    for (const std::string& method : methods) allow += method == "GET" ? ", GET, HEAD" : ", " + method;
    const Request& request = exchange_->request();
    Response response;
    response.status = 204;
    if (request.method != "OPTIONS") {
      response = problem("method_not_allowed", "Allowed here: " + allow + ".", tracing_.request_id, request.path);
    }
    response.set_header("Allow", allow);
    reply(std::move(response));
  }

  void refuse(std::string_view code, std::string_view detail) {
    reply(problem(code, detail, tracing_.request_id, exchange_->request().path));
  }

  void reply(Response response) {
    add_tracing(tracing_, service_, response);
    const unsigned status = response.status;
    if (!exchange_->reply(std::move(response)) || service_.http == nullptr) return;
    service_.http->answered(route_, status, std::chrono::steady_clock::now() - tracing_.started);
  }

  std::shared_ptr<Exchange> exchange_;
  const Service& service_;
  Tracing tracing_;
  const Route* route_ = nullptr;
};

}  // namespace

Api::Api(Service& service)
    : service_(service), doubtful_uploads_(kDoubtfulUploads), router_(all_routes()), figures_(router_.routes()) {
  service.router = &router_;
  service.http = &figures_;
}

void Api::handle(std::shared_ptr<Exchange> exchange) const {
  Reception(std::move(exchange), service_).receive(router_);
}

// An upload of any size is taken in only for who may import: nobody else fills the disk. What this node would refuse
// and another one may take is handed on when it is here, so there is room for a few of these.
BodyRule Api::body_rule(const Request& head) const {
  if (head.method != "POST" || head.path != "/v1/imports") return BodyRule::in_memory();
  const Router::Match match = router_.find(head.method, head.path);
  const auto credential = bearer(head);
  const auto principal = credential ? principal_of(*credential, service_) : std::nullopt;
  auto refusal = refusal_of(*match.route, principal, service_);
  if (!refusal) return BodyRule::in_file();
  if (credential && is_known_better_elsewhere(*credential, service_)) {
    if (auto place = doubtful_uploads_.take()) return BodyRule::in_file({}, std::move(place));
    refusal = {"unavailable", "This node takes in too many uploads for other nodes at once; nothing was done."};
  }
  const Tracing tracing = tracing_of(head, service_);
  Response response = problem(refusal->code, refusal->detail, tracing.request_id, head.path);
  add_tracing(tracing, service_, response);
  return BodyRule::refused(std::move(response));
}

}  // namespace daybook::api
