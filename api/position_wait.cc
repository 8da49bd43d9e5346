#include "api/position_wait.h"

#include <atomic>
#include <utility>

#include "projections/projector.h"

namespace daybook::api {

void wait_for_position(const Service& service, const std::shared_ptr<Exchange>& exchange, model::WorkspaceId workspace,
                       std::uint64_t position, std::chrono::milliseconds patience,
                       std::function<void(bool is_reached)> then) {
  const auto answered = std::make_shared<std::atomic<bool>>(false);
  const auto shared_then = std::make_shared<std::function<void(bool)>>(std::move(then));
  const std::uint64_t waiter = service.positions.wait_for(workspace, position, [exchange, answered, shared_then] {
    if (!answered->exchange(true)) exchange->post([shared_then] { (*shared_then)(true); });
  });
  const bool is_there = projections::read_head(*service.state.rows(workspace)).last_position() >= position;
  if (is_there && !answered->exchange(true)) {
    service.positions.forget(workspace, waiter);
    return (*shared_then)(true);
  }
  exchange->call_after(patience, [&service, answered, shared_then, waiter, workspace] {
    if (answered->exchange(true)) return;
    service.positions.forget(workspace, waiter);
    (*shared_then)(false);
  });
}

}  // namespace daybook::api
