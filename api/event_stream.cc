#include "api/event_stream.h"

#include <algorithm>

namespace daybook::api {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTick{1000};  // how soon a stopping server is noticed
constexpr int kHeartbeatTicks = 15;

std::string chunk_of(const FeedPage& page) {
  std::string chunk;
  for (const FeedPage::Item& item : page.items) {
    chunk.append("id: ").append(std::to_string(item.position)).append("\ndata: ").append(item.event).append("\n\n");
  }
  return chunk;
}

}  // namespace

void reply_feed(Call& call, const FeedPage& page) {
  std::string data;
  for (const FeedPage::Item& item : page.items) data.append(data.empty() ? "" : ",").append(item.event);
  call.reply_json(200, "{\"data\":[" + data + "],\"next_position\":" + std::to_string(page.next_position) + "}",
                  page.next_position);
}

void LongPoll::start() {
  look();
  tick(milliseconds(0));
}

void LongPoll::look() {
  if (answered_) return;
  const FeedPage page = read_feed(*call_.rows(), call_.workspace(), request_);
  if (!page.items.empty() || left_ <= milliseconds(0) || call_.service().is_stopping()) {
    answered_ = true;
    next_.reset();
    return reply_feed(call_, page);
  }
  // What did not match is not looked at again.
  request_.after = page.next_position;
  next_.emplace(call_, request_.after, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->look();
  });
}

void LongPoll::tick(milliseconds passed) {
  if (answered_) return;
  left_ -= passed;
  if (left_ <= milliseconds(0) || call_.service().is_stopping()) return look();
  const milliseconds pause = std::min(left_, kTick);
  call_.exchange().call_after(pause, [self = shared_from_this(), pause] { self->tick(pause); });
}

void EventStream::start() {
  Response head;
  head.set_header("Content-Type", "text/event-stream");
  head.set_header("Cache-Control", "no-store");
  if (!call_.start_stream(std::move(head))) return;
  pump();
  tick();
}

void EventStream::pump() {
  if (writing_ || !call_.exchange().is_open()) return;
  const FeedPage page = read_feed(*call_.rows(), call_.workspace(), request_);
  request_.after = page.next_position;
  if (!page.items.empty()) return send(chunk_of(page));
  wait();
}

void EventStream::send(std::string chunk) {
  writing_ = true;
  call_.exchange().write(std::move(chunk), [weak = weak_from_this()](bool ok) {
    const auto self = weak.lock();
    if (!self || !ok) return;
    self->writing_ = false;
    self->pump();
  });
}

// Also where a page found nothing but has not looked at everything: then it goes on at once, behind other work.
void EventStream::wait() {
  next_.reset();
  next_.emplace(call_, request_.after, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->pump();
  });
}

void EventStream::tick() {
  if (!call_.exchange().is_open()) return;
  if (call_.service().is_stopping()) return call_.exchange().finish();
  if (++ticks_ >= kHeartbeatTicks) {
    ticks_ = 0;
    if (!is_still_allowed()) return call_.exchange().finish();
    if (!writing_) call_.exchange().write(": heartbeat\nid: " + std::to_string(request_.after) + "\n\n");
  }
  call_.exchange().call_after(kTick, [self = shared_from_this()] { self->tick(); });
}

bool EventStream::is_still_allowed() const {
  const auto header = call_.request().header("Authorization");
  const auto space = header ? header->find(' ') : std::string_view::npos;
  const auto key = space == std::string_view::npos ? std::nullopt : parse_api_key(header->substr(space + 1));
  return key && authenticate(*key, *call_.service().state.rows(call_.workspace()), call_.service().clock_us());
}

}  // namespace daybook::api
