#include "api/routes/system.h"

#include "api/call.h"
#include "api/render.h"

namespace daybook::api {
namespace {

void reply_plain(Call& call, unsigned status, std::string body) {
  Response response;
  response.status = status;
  response.set_header("Content-Type", "application/json");
  response.set_header("Cache-Control", "no-store");
  response.body = std::move(body);
  call.reply(std::move(response));
}

void livez(Call& call) { reply_plain(call, 200, "{\"status\":\"ok\"}"); }

// 503 while stopping: a load balancer then sends nothing more.
void readyz(Call& call) {
  const bool stopping = call.service().is_stopping();
  const auto damaged = call.service().writer.damaged();
  std::string checks = "\"log\":" + json_string(stopping ? "stopping" : "ok") +
                       ",\"read_models\":\"ok\",\"damaged_workspaces\":" + std::to_string(damaged.size());
  reply_plain(call, stopping ? 503 : 200,
              "{\"status\":" + json_string(stopping ? "stopping" : "ok") + ",\"checks\":{" + checks + "}}");
}

void version(Call& call) { reply_plain(call, 200, "{\"version\":" + json_string(call.service().version) + "}"); }

}  // namespace

std::vector<Route> system_routes() {
  return {
      {"GET", "/livez", "public", livez},
      {"GET", "/readyz", "public", readyz},
      {"GET", "/version", "public", version},
  };
}

}  // namespace daybook::api
