#include "eventstore/read_barrier.h"

#include <utility>

#include "eventstore/log.h"
#include "model/named_thread.h"

namespace daybook::eventstore {

ReadBarrier::ReadBarrier(AskEnd ask_end, OwnSince own_since)
    : ask_end_(std::move(ask_end)),
      own_since_(std::move(own_since)),
      thread_(model::named_thread("read-barrier", [this](const std::stop_token& stop) { run(stop); })) {}

ReadBarrier::~ReadBarrier() { stop(); }

void ReadBarrier::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void ReadBarrier::hold(std::uint64_t epoch, Answer answer) {
  {
    const std::lock_guard lock(mutex_);
    if (!is_stopped_) {
      held_.push_back({epoch, std::move(answer)});
      changed_.notify_all();
      return;
    }
  }
  answer(false);
}

void ReadBarrier::run(const std::stop_token& stop) {
  for (;;) {
    std::vector<Held> batch;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, stop, [this] { return !held_.empty(); });
      batch.swap(held_);
    }
    if (batch.empty()) return;
    const auto since = own_since_now();
    for (Held& one : batch) one.answer(since && *since <= one.epoch);
  }
}

std::optional<std::uint64_t> ReadBarrier::own_since_now() const {
  try {
    return own_since_(ask_end_());
  } catch (const LogUnreachable&) {
    return std::nullopt;
  }
}

}  // namespace daybook::eventstore
