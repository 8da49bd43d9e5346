#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "api/server/exchange.h"
#include "api/server/loop.h"

namespace daybook::api {

class Connection;

// A call that a connection owes an exchange. Made and cancelled on any thread, kept and run on the loop's.
class Delayed final : public DelayedCall, public std::enable_shared_from_this<Delayed> {
 public:
  Delayed(const std::shared_ptr<Connection>& connection, Clock::time_point when, std::function<void()> task);
  ~Delayed() override;

  void cancel() override;

  // Loop's thread only.
  void arm();
  void disarm();

 private:
  void fire();

  const std::weak_ptr<Connection> connection_;
  const std::shared_ptr<Loop> loop_;
  const Clock::time_point when_;
  std::atomic<bool> cancelled_ = false;
  std::function<void()> task_;
  Timer timer_;
};

}  // namespace daybook::api
