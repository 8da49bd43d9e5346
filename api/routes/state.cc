#include "api/routes/state.h"

#include "api/call.h"
#include "api/checkpoint_desk.h"

namespace daybook::api {
namespace {

// What a damaged workspace left behind is not handed on: another node finds out by itself.
void get_checkpoint(Call& call) {
  if (!call.allow_parameters({})) return;
  if (call.service().writers.figures().damaged_workspaces > 0) {
    return call.reject("unavailable", "A workspace of this server is damaged, so its read models are not handed out.");
  }
  call.service().checkpoints->answer(call);
}

}  // namespace

std::vector<Route> state_routes() {
  return {{"GET", "/v1/state/checkpoint", "operator", get_checkpoint, "application/x-tar"}};
}

}  // namespace daybook::api
