#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace daybook::api::test {

// A client with no manners: a loopback socket that sends what it is told, byte for byte. Every wait ends after 20 s
// with what has come so far.
class Client {
 public:
  explicit Client(std::uint16_t port, int receive_buffer_bytes = 0);
  // The other end, once a listening socket has accepted it.
  struct Accepted {
    int descriptor;
  };
  explicit Client(Accepted accepted) : descriptor_(accepted.descriptor) {}
  ~Client();
  Client(Client&& other) noexcept;
  Client& operator=(Client&&) = delete;

  // False once the server refuses to take more.
  bool send(std::string_view bytes);
  // In pieces of that size, each in a packet of its own; stops when the server has closed.
  void send_in_pieces(std::string_view bytes, std::size_t size);
  void end_output();
  // Closes with a reset.
  void reset();

  // One answer: header and as much body as it says.
  std::string read_answer(bool without_body = false);
  // Up to and with `end`.
  std::string read_until(std::string_view end);
  // Everything up to the server's end or reset.
  std::string read_to_end();
  // One read of at most that many bytes.
  std::string read_some(std::size_t most);

 private:
  bool fill(std::size_t most = 65536);

  int descriptor_;
  std::string buffer_;
};

// What stands behind the empty line.
std::string body_of(std::string_view answer);
// The number in the status line.
int status_of(std::string_view answer);

}  // namespace daybook::api::test
