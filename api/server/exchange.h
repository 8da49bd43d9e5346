#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "api/server/message.h"

namespace daybook::api {

// A call that is due later. Dropping the handle leaves it due; cancelling it after it ran is harmless. Called on the
// connection's thread, cancel() is certain; called elsewhere, the call may just be running.
class DelayedCall {
 public:
  virtual ~DelayedCall() = default;
  virtual void cancel() = 0;
};

// One request and the duty to answer it once. Every function may be called from any thread, within the handler or
// later. A connection has one exchange at a time: the next pipelined request is handed out when this one is answered.
// Dropped without an answer it answers 500 and the server's log says so; a stream dropped without finish() is cut off,
// so that the client does not take it for whole. Handlers see this interface; tests may stand in for it.
class Exchange {
 public:
  virtual ~Exchange() = default;

  // Unchanged from the start to the end of the exchange.
  virtual const Request& request() const = 0;

  // The whole answer. The first answer counts: false, and nothing is sent, if there has been one. The client may be
  // gone nevertheless.
  virtual bool reply(Response response) = 0;

  // Begins an answer of unknown length: chunked, on HTTP/1.0 up to the connection's end; never compressed. A body in
  // `head` is its first chunk. False if there has been an answer. For HEAD the exchange ends with it.
  virtual bool start_stream(Response head) = 0;
  // Adds to a started stream. False, and nothing is taken, if the client is gone, the stream finished, or
  // ServerOptions::stream_buffer_bytes already wait for a slow reader; is_open() tells which.
  virtual bool write(std::string chunk) = 0;
  // The same; if taken, `on_drained` is called once on the connection's thread: with true when the kernel has the
  // chunk, which is the time for the next one, with false when the connection was lost before.
  virtual bool write(std::string chunk, std::function<void(bool ok)> on_drained) = 0;
  // The stream is whole.
  virtual void finish() = 0;

  // False once the client is gone, or the answer or stream is complete.
  virtual bool is_open() const = 0;

  // Called once, on the connection's thread, if the client hangs up before the answer is complete; at once if it
  // already has. A client that only stops sending counts as gone, but an answer is still sent to it. Capture the
  // exchange weakly: a callback that holds it keeps it from being dropped.
  virtual void on_close(std::function<void()> callback) = 0;

  // Runs `task` on the connection's thread; never within this call. Dropped when the server has stopped.
  virtual void post(std::function<void()> task) = 0;
  // The same after a while, unless cancelled or the connection closes before: for long polls and heartbeats.
  virtual std::shared_ptr<DelayedCall> call_after(std::chrono::milliseconds delay, std::function<void()> task) = 0;
};

}  // namespace daybook::api
