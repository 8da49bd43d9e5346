#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "api/server/exchange.h"
#include "api/server/message.h"
#include "api/server/options.h"

namespace daybook::api {

/// The header of a request that came from another node, with that node's URL.
inline constexpr std::string_view kForwardedBy = "Daybook-Forwarded-By";

/// One request that another node is to answer, its owner.
struct Forward {
  using Relay = std::function<void(Response answer)>;

  std::shared_ptr<Exchange> exchange;
  std::string url;         // of the owner: http://HOST:PORT or https://HOST:PORT, without a path
  Headers headers;         // go along in place of the request's own of the same names
  std::string request_id;  // of a problem that is answered here, and its X-Request-Id
  /// May be empty. Holds up an answer of known length up to ForwarderOptions::collect_bytes: called with it on the
  /// forwarder's thread, which it must not block; the answer goes to the client when `relay` is called, from any
  /// thread, also after stop(). Dropping `relay` uncalled answers 500. Problems that are answered here and streams are
  /// not held up.
  std::function<void(Response answer, Relay relay)> before_answer;
  /// May be empty. Asked about once a second, on the forwarder's thread, while nothing of the answer has come: whether
  /// the node at `url` still is the owner. One that is not is waited for no longer than
  /// ForwarderOptions::former_owner_timeout.
  std::function<bool()> is_owner_still;
  /// May be empty. Told the status that the client is given, once, on any thread; not if it can't be given any more.
  std::function<void(unsigned status)> answered;
};

/// Answers the client, and tells the forward's `answered`.
void give_answer(Exchange& exchange, Response answer, const std::function<void(unsigned status)>& answered);
/// Answers a problem of this node's own (problem.h).
void give_problem(const Forward& forward, std::string_view code, std::string_view detail);

struct ForwarderOptions {
  std::string node_url;  // of this node, told to the owner as kForwardedBy
  LogLine log = log_to_standard_error;
  /// May be empty. Told that nothing is handed on any more, by no fault of an owner: the process should stop.
  std::function<void()> on_failed{};
  /// To one owner: each has a connection of its own there, so fewer than ServerOptions::max_connections_per_address.
  std::size_t max_under_way = 400;
  std::size_t max_idle_connections = 64;  // kept for the next request
  std::size_t collect_bytes = 1U << 20;   // of an answer's body; what is longer, or of unknown length, is streamed
  std::size_t stream_window_bytes = 256U << 10;  // of a stream that may wait for a slow reader
  std::chrono::milliseconds connect_timeout{2000};
  std::chrono::seconds silence_timeout{120};  // without a byte either way: twice what a client can ask to wait
  std::chrono::milliseconds former_owner_timeout{3000};  // for the answer of one that was replaced meanwhile
};

}  // namespace daybook::api
