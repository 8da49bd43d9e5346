#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "api/server/exchange.h"
#include "api/server/message.h"
#include "api/server/options.h"

namespace daybook::api {

// HTTP/1.1 and 1.0 over TCP (RFC 9110, 9112): keep-alive, pipelining in order, HEAD, 100-continue, chunked bodies and
// answers, gzip. Every request has passed the gate (gate.h) before a handler sees it. Each thread has its own event
// loop and serves the connections dealt to it in turn; a handler that blocks holds up its neighbours.
class Server {
 public:
  // `policy` may be empty: then every body is kept in memory.
  Server(ServerOptions options, Handler handler, BodyPolicy policy);
  // As stop().
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Listens and serves on its own threads. Once. Throws std::runtime_error if the address can't be listened to.
  void start();
  // The port listened to. After start() only.
  std::uint16_t port() const;
  // Connections open now.
  std::size_t connections() const;

  // Refuses new connections from here on; those open are served on. Not from a handler, as drain() and stop().
  void stop_accepting();
  // stop_accepting(), closes idle connections, closes the others as their answer is complete, and waits for that until
  // the deadline, whatever is left is cut off. True if nothing was. Open streams are their handlers' to finish.
  bool drain(std::chrono::steady_clock::time_point deadline);
  // Cuts off everything and joins the threads. An Exchange still held somewhere stays usable, without effect.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace daybook::api
