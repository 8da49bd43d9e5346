#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "api/nodes/forward.h"

namespace daybook::api {

/// What becomes of the client while it is answered.
struct ClientNews {
  bool hung_up = false;           // it sends no more, or the connection is gone
  std::size_t drained_bytes = 0;  // of a stream, no longer waiting
};

/// The client's side of a forward: gives it the owner's answer, whole or as it comes. On the forwarder's thread alone.
class Relay {
 public:
  /// Called on any thread, also when the relay is gone.
  using Tell = std::function<void(ClientNews)>;
  Relay(Forward forward, const ForwarderOptions& options, Tell tell);

  const Forward& forward() const { return forward_; }
  const Request& request() const { return forward_.exchange->request(); }
  /// GET or HEAD, which changes nothing (RFC 9110 §9.2.1).
  bool is_read() const { return request().method == "GET" || request().method == "HEAD"; }

  /// The header of the answer has come, with the length of its body where it says that.
  void begin(Response head, std::optional<std::uint64_t> length);
  bool has_begun() const { return state_ != State::kWaiting; }

  enum class Taken { kYes, kNotYet, kNotWanted };
  /// More of the body. kNotYet: nothing is taken, and it is given again when has_room().
  Taken take(std::string_view bytes);
  bool has_room() const { return waiting_bytes_ < options_.stream_window_bytes; }
  /// The body is whole.
  void complete();

  void hear(const ClientNews& news);
  /// False once nobody waits for what comes: then abandon().
  bool is_wanted() const;

  bool is_stream() const { return state_ == State::kStreaming; }

  /// In place of an answer. A stream is cut off when the relay is dropped, so that the client does not take it for
  /// whole.
  void fail(std::string_view code, std::string_view detail);
  /// Nobody waits any more, or the server stops. Events end; any other stream is cut off as above.
  void abandon();

 private:
  enum class State { kWaiting, kCollecting, kStreaming, kOver };

  bool start_stream();
  void follow_client();

  Forward forward_;
  const ForwarderOptions& options_;
  const Tell tell_;
  State state_ = State::kWaiting;
  Response answer_;
  bool endless_ = false;
  bool hung_up_ = false;
  std::size_t waiting_bytes_ = 0;
};

}  // namespace daybook::api
