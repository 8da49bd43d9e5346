#include "api/server/delayed.h"

#include <utility>

#include "api/server/connection.h"

namespace daybook::api {

Delayed::Delayed(const std::shared_ptr<Connection>& connection, Clock::time_point when, std::function<void()> task)
    : connection_(connection), loop_(connection->shared_loop()), when_(when), task_(std::move(task)), timer_(*loop_) {}

Delayed::~Delayed() = default;

void Delayed::cancel() {
  cancelled_ = true;
  const auto drop = [self = shared_from_this()] {
    if (const auto connection = self->connection_.lock()) connection->drop_delayed(self);
  };
  if (loop_->is_current()) return drop();
  loop_->post(drop);
}

void Delayed::arm() {
  if (cancelled_) return;
  timer_.set(when_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->fire();
  });
}

void Delayed::disarm() {
  timer_.cancel();
  task_ = nullptr;
}

void Delayed::fire() {
  const auto connection = connection_.lock();
  const auto task = std::exchange(task_, nullptr);
  if (!connection) return;
  connection->drop_delayed(shared_from_this());
  if (task && !cancelled_) connection->context().run_guarded("a delayed call", task);
}

}  // namespace daybook::api
