#include "api/position_wait.h"

#include <utility>

#include "projections/projector.h"

namespace daybook::api {
namespace {

// On the connection's thread. Its delayed call alone keeps it, and so the exchange and what `then` holds: when the
// connection closes that call is dropped, and nothing is left behind, whatever the position.
class Wait : public std::enable_shared_from_this<Wait> {
 public:
  using Then = std::function<void(bool is_reached)>;
  Wait(const Service& service, std::shared_ptr<Exchange> exchange, model::WorkspaceId workspace, Then then)
      : service_(service), exchange_(std::move(exchange)), workspace_(workspace), then_(std::move(then)) {}
  ~Wait() { service_.positions.forget(workspace_, waiter_); }
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

  bool is_over(std::uint64_t position) const {
    return projections::read_head(*service_.state.rows(workspace_)).last_position() >= position;
  }

  void begin(std::uint64_t position, std::chrono::milliseconds patience) {
    delayed_ = exchange_->call_after(patience, [self = shared_from_this()] { self->end(false); });
    waiter_ = service_.positions.wait_for(workspace_, position, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->exchange_->post([self] { self->end(true); });
    });
    if (is_over(position)) end(true);
  }

  void end(bool is_reached) {
    const Then then = std::exchange(then_, nullptr);
    if (!then) return;
    if (const auto delayed = delayed_.lock()) delayed->cancel();
    then(is_reached);
  }

 private:
  const Service& service_;
  const std::shared_ptr<Exchange> exchange_;
  const model::WorkspaceId workspace_;
  Then then_;  // empty once it was called
  std::uint64_t waiter_ = 0;
  std::weak_ptr<DelayedCall> delayed_;
};

}  // namespace

void wait_for_position(const Service& service, const std::shared_ptr<Exchange>& exchange, model::WorkspaceId workspace,
                       std::uint64_t position, std::chrono::milliseconds patience,
                       std::function<void(bool is_reached)> then) {
  const auto wait = std::make_shared<Wait>(service, exchange, workspace, std::move(then));
  if (wait->is_over(position)) return wait->end(true);
  exchange->post([wait, position, patience] { wait->begin(position, patience); });
}

}  // namespace daybook::api
