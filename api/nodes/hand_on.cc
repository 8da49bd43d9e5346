#include "api/nodes/hand_on.h"

#include <utility>

#include "api/metrics/http_figures.h"
#include "api/nodes/forwarder.h"
#include "api/page.h"
#include "api/position_wait.h"

namespace daybook::api {
namespace {

constexpr std::chrono::seconds kReadItToo{10};

void relay_once_read(const Service& service, const HandOn& what, Response answer, Forward::Relay relay) {
  const auto header = answer.header("Daybook-Position");
  const auto position = header ? parse_position(*header) : std::nullopt;
  if (!position) return relay(std::move(answer));
  const auto held = std::make_shared<Response>(std::move(answer));
  wait_for_position(service, what.exchange, what.workspace, *position, kReadItToo,
                    [held, relay = std::move(relay)](bool) { relay(std::move(*held)); });
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
