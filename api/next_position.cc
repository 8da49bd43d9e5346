#include "api/next_position.h"

#include "projections/projector.h"

namespace daybook::api {

NextPosition::NextPosition(const Call& call, std::uint64_t position, std::function<void()> reached)
    : positions_(call.service().positions), workspace_(call.workspace()) {
  // The exchange is held weakly: a waiter that nothing wakes must not keep a closed connection.
  waiter_ = positions_.wait_for(workspace_, position + 1,
                                [exchange = std::weak_ptr<Exchange>(call.shared_exchange()), reached] {
                                  if (const auto open = exchange.lock()) open->post(reached);
                                });
  if (projections::read_head(*call.service().state.rows(workspace_)).last_position() > position) {
    call.exchange().post(std::move(reached));
  }
}

NextPosition::~NextPosition() { positions_.forget(workspace_, waiter_); }

}  // namespace daybook::api
