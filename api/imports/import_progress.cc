#include "api/imports/import_progress.h"

#include "api/imports/import_call.h"

namespace daybook::api {
namespace {

constexpr std::chrono::milliseconds kTick{200};
constexpr int kHeartbeatTicks = 75;  // 15 seconds

}  // namespace

void ImportProgress::start() {
  Response head;
  head.set_header("Content-Type", "text/event-stream");
  head.set_header("Cache-Control", "no-store");
  if (call_.start_stream(std::move(head))) tick();
}

void ImportProgress::tick() {
  if (!call_.exchange().is_open()) return;
  // The end is looked at first: what is shown then is final.
  const bool ended = call_.service().is_stopping() || has_ended(call_, import_);
  const auto rows = call_.rows();
  std::string json = import_json(call_, *rows, import_).value_or("null");
  if (!writing_ && json != shown_) {
    shown_ = std::move(json);
    send("event: progress\ndata: " + shown_ + "\n\n");
  } else if (!writing_ && ++ticks_ >= kHeartbeatTicks) {
    send(": heartbeat\n\n");
  }
  if (ended && !writing_) return call_.exchange().finish();
  call_.exchange().call_after(ended ? std::chrono::milliseconds(1) : kTick,
                              [self = shared_from_this()] { self->tick(); });
}

// A slow reader is shown the newest state when it has taken the one before.
void ImportProgress::send(std::string chunk) {
  ticks_ = 0;
  writing_ = true;
  call_.exchange().write(std::move(chunk), [weak = weak_from_this()](bool) {
    if (const auto self = weak.lock()) self->writing_ = false;
  });
}

}  // namespace daybook::api
