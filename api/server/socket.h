#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include "api/server/loop.h"

namespace daybook::api {

// A connected TCP socket with TCP_NODELAY, whose broken peer never raises SIGPIPE. Callbacks run on the loop's thread,
// never within the call that asked for them; after close() with an error. At most one read and one write at a time.
class Socket {
 public:
  using Done = std::move_only_function<void(std::error_code, std::size_t)>;
  static constexpr std::size_t kMostPieces = 32;

  // Takes over the descriptor.
  Socket(Loop& loop, int descriptor);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // Reads what there is into `space`, which must stay until `done`. 0 bytes without an error: the peer has ended.
  void read_some(std::span<char> space, Done done);
  // Writes what the kernel takes now of the pieces, the first kMostPieces of them, in one call. 0 bytes without an
  // error: it takes nothing now.
  std::size_t write_now(std::span<const std::string_view> pieces, std::error_code& error);
  // Like write_now, once the kernel takes something again.
  void write_some(std::span<const std::string_view> pieces, Done done);

  // No more will be written: the peer reads an end.
  void end_output();
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A listening socket. Used on the loop's thread; destroyed when the loop has ended.
class Listener {
 public:
  // Port 0 takes a free one. Throws std::runtime_error naming host, port and remedy when it can't be listened to.
  Listener(Loop& loop, const std::string& host, std::uint16_t port);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::uint16_t port() const;
  // Gives each new connection's descriptor and the peer's numeric address, until close(). When the process is out of
  // descriptors it pauses for 100 ms instead of spinning.
  void accept(std::function<void(int descriptor, std::string peer_address)> taken);
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace daybook::api
