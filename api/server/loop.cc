#include "api/server/loop.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

namespace daybook::api {
namespace asio = boost::asio;

Loop::Loop() : context_(std::make_unique<asio::io_context>(1)) {}

Loop::~Loop() = default;

void Loop::run() {
  thread_ = std::this_thread::get_id();
  const auto guard = asio::make_work_guard(*context_);
  context_->run();
  thread_ = std::thread::id();
}

void Loop::stop() { context_->stop(); }

void Loop::run_out() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  thread_ = std::this_thread::get_id();
  context_->restart();
  context_->poll();
  thread_ = std::thread::id();
}

bool Loop::post(Task task) {
  const std::lock_guard lock(mutex_);
  if (ended_) return false;
  asio::post(*context_, std::move(task));
  return true;
}

struct Timer::State {
  asio::steady_timer timer;
  std::atomic<std::uint64_t> generation =
      0;  // an expiry already queued when the timer was set anew is told by its number
};

Timer::Timer(Loop& loop) : state_(std::make_shared<State>(asio::steady_timer(loop.context()))) {}

Timer::~Timer() { cancel(); }

void Timer::set(Clock::time_point when, Task task) {
  state_->timer.expires_at(when);
  const std::uint64_t generation = ++state_->generation;
  state_->timer.async_wait(
      [state = state_, generation, task = std::move(task)](const boost::system::error_code& ec) mutable {
        if (!ec && state->generation == generation) task();
      });
}

void Timer::cancel() {
  ++state_->generation;
  state_->timer.cancel();
}

}  // namespace daybook::api
