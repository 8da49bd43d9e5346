#include "api/nodes/hand_on.h"

#include <utility>

#include "api/metrics/http_figures.h"
#include "api/nodes/forwarder.h"
#include "api/page.h"
#include "api/position_wait.h"

namespace daybook::api {
namespace {

constexpr std::chrono::seconds kReadItToo{10};

// The workspace that the answer says was made, which has its first commit on a partition of its own.
std::optional<model::WorkspaceId> made_workspace(const Response& answer) {
  constexpr std::string_view kPath = "/v1/workspaces/";
  const auto location = answer.header("Location").value_or(std::string_view{});
  if (answer.status != 201 || !location.starts_with(kPath)) return std::nullopt;
  const auto id = model::Uuid::parse(location.substr(kPath.size()));
  return id ? std::optional(model::WorkspaceId{*id}) : std::nullopt;
}

void relay_once_read(const Service& service, const HandOn& what, Response answer, Forward::Relay relay) {
  const auto header = answer.header("Daybook-Position");
  const auto position = header ? parse_position(*header) : std::nullopt;
  if (!position) return relay(std::move(answer));
  const auto made = made_workspace(answer);
  const auto held = std::make_shared<Response>(std::move(answer));
  const auto until = std::chrono::steady_clock::now() + kReadItToo;
  std::function<void(bool)> then = [held, relay = std::move(relay)](bool) { relay(std::move(*held)); };
  if (made) {
    then = [&service, exchange = what.exchange, made, until, then = std::move(then)](bool) {
      const auto left = until - std::chrono::steady_clock::now();
      wait_for_position(service, exchange, *made, 1, std::chrono::duration_cast<std::chrono::milliseconds>(left), then);
    };
  }
  wait_for_position(service, what.exchange, what.workspace, *position, kReadItToo, std::move(then));
}

}  // namespace

bool hand_on(const Service& service, HandOn what) {
  if (service.forwarder == nullptr || service.writers.owns(what.workspace)) return false;
  Forward forward;
  forward.exchange = what.exchange;
  forward.url = service.writers.owner_of(what.workspace);
  forward.headers = {{"X-Request-Id", what.tracing.request_id}};
  forward.request_id = what.tracing.request_id;
  forward.answered = [&service, route = what.route, started = what.tracing.started](unsigned status) {
    if (service.http != nullptr) service.http->answered(route, status, std::chrono::steady_clock::now() - started);
  };
  if (forward.url.empty() || forward.url == service.node_url || what.exchange->request().header(kForwardedBy)) {
    give_problem(forward, "unavailable", "The workspace is just passing to another node; nothing was done.");
    return true;
  }
  forward.is_owner_still = [&service, workspace = what.workspace, url = forward.url] {
    return service.writers.owner_of(workspace) == url;
  };
  forward.before_answer = [&service, what = std::move(what)](Response answer, Forward::Relay relay) {
    relay_once_read(service, what, std::move(answer), std::move(relay));
  };
  service.forwarder->forward(std::move(forward));
  return true;
}

}  // namespace daybook::api
