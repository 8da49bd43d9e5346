#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "bench/load/requests.h"

namespace daybook::bench {

using Clock = std::chrono::steady_clock;

/// How much is sent, and when.
struct Load {
  std::uint16_t port = 0;  // of 127.0.0.1
  std::size_t connections = 64;
  std::uint64_t requests = 0;  // 0: as many as fit into `seconds`
  double seconds = 0;          // 0: until `requests` are answered
  double rate = 0;             // requests a second, open loop; 0: closed loop
};

/// What came of it.
struct Measured {
  std::uint64_t answered = 0;
  std::uint64_t wrong = 0;  // another status than the one expected
  std::string first_wrong;  // the first such answer
  double seconds = 0;
  std::vector<std::uint32_t> latencies_us;  // of the right ones; open loop: from the time the request was due
};

/// Keep-alive connections to one server, driven by one epoll loop. Each has at most one request under way.
class Connections {
 public:
  /// Throws std::system_error where the server cannot be reached.
  explicit Connections(const Load& load);
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  /// Throws std::runtime_error when the server closes a connection or answers what is no HTTP.
  Measured run(Requests& requests);

 private:
  struct Connection {
    int socket = -1;
    std::uint64_t number = 0;  // of the request under way
    Clock::time_point since;
    std::string received;
  };

  void send_due(Requests& requests);
  void send(Connection& connection, Requests& requests, Clock::time_point since);
  void receive(Connection& connection, Requests& requests);
  bool more_to_send() const;
  Clock::time_point due(std::uint64_t number) const;
  void wait(std::size_t timeout_ns, Requests& requests);

  const Load load_;
  int epoll_ = -1;
  std::vector<Connection> connections_;
  std::deque<Connection*> idle_;
  Clock::time_point start_;
  std::uint64_t sent_ = 0;
  std::string text_;
  Measured measured_;
};

}  // namespace daybook::bench
