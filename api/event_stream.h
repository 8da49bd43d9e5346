#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "api/call.h"
#include "api/feed.h"
#include "api/next_position.h"

namespace daybook::api {

/// Answers that follow the feed. They live on the connection's thread, kept alive by their own next tick, and end with
/// the connection or when the server stops.

/// A page that waits for its first event, at most until the deadline.
class LongPoll : public std::enable_shared_from_this<LongPoll> {
 public:
  LongPoll(Call call, FeedRequest request, std::chrono::milliseconds wait)
      : call_(std::move(call)), request_(std::move(request)), left_(wait) {}
  void start();

 private:
  void look();
  void tick(std::chrono::milliseconds passed);

  Call call_;
  FeedRequest request_;
  std::chrono::milliseconds left_;
  bool answered_ = false;
  std::optional<NextPosition> next_;
};

/// Server-sent events (HTML Living Standard §9.2), each with its position as id; a comment every 15 seconds says that
/// the stream lives and how far it has looked. The next events are read when the kernel has taken those before, so a
/// slow reader costs no memory. A key that is revoked meanwhile ends the stream.
class EventStream : public std::enable_shared_from_this<EventStream> {
 public:
  EventStream(Call call, FeedRequest request) : call_(std::move(call)), request_(std::move(request)) {}
  void start();

 private:
  void pump();
  void send(std::string chunk);
  void wait();
  void tick();
  bool is_still_allowed() const;

  Call call_;
  FeedRequest request_;
  bool writing_ = false;
  int ticks_ = 0;  // seconds since the last heartbeat
  std::optional<NextPosition> next_;
};

/// The feed's answer without waiting.
void reply_feed(Call& call, const FeedPage& page);

}  // namespace daybook::api
