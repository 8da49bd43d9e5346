#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace boost::asio {
class io_context;
}

namespace daybook::api {

using Clock = std::chrono::steady_clock;
using Task = std::move_only_function<void()>;

// One thread's event loop. Sockets and timers belong to one loop and are used on its thread alone.
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Serves until stop(). An exception of a task leaves it.
  void run();
  // Ends run(). Any thread.
  void stop();
  // After run() has returned: runs what is still queued on this thread, and nothing ever after, so that no task keeps
  // alive what keeps this loop alive.
  void run_out();

  // Runs `task` on the loop's thread, later. Any thread. False, and the task dropped, after run_out().
  bool post(Task task);
  bool is_current() const { return thread_ == std::this_thread::get_id(); }

  boost::asio::io_context& context() { return *context_; }

 private:
  std::unique_ptr<boost::asio::io_context> context_;
  std::atomic<std::thread::id> thread_;
  std::mutex mutex_;
  bool ended_ = false;  // guarded by mutex_
};

// Calls once at a time, unless cancelled or set anew before.
class Timer {
 public:
  explicit Timer(Loop& loop);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void set(Clock::time_point when, Task task);
  void cancel();

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with an expiry that is already queued
};

}  // namespace daybook::api
