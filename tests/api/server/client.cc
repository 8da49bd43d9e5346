#include "tests/api/server/client.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace daybook::api::test {

Client::Client(std::uint16_t port, int receive_buffer_bytes) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (receive_buffer_bytes > 0)
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
  ::sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor_, reinterpret_cast<::sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("the server does not listen");
}

Client::~Client() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Client::Client(Client&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), buffer_(std::move(other.buffer_)) {}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Client::send_in_pieces(std::string_view bytes, std::size_t size) {
  for (std::size_t i = 0; i < bytes.size(); i += size)
    if (!send(bytes.substr(i, size))) return;
}

void Client::end_output() { ::shutdown(descriptor_, SHUT_WR); }

void Client::reset() {
  const ::linger now{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(std::exchange(descriptor_, -1));
}

bool Client::fill(std::size_t most) {
  ::pollfd waiting{descriptor_, POLLIN, 0};
  if (::poll(&waiting, 1, 20000) != 1) return false;
  std::string bytes(most, '\0');
  const auto received = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
  if (received <= 0) return false;
  buffer_.append(bytes, 0, static_cast<std::size_t>(received));
  return true;
}

std::string Client::read_until(std::string_view end) {
  std::size_t found = 0;
  while ((found = buffer_.find(end)) == std::string::npos)
    if (!fill()) return std::exchange(buffer_, {});
  std::string out = buffer_.substr(0, found + end.size());
  buffer_.erase(0, out.size());
  return out;
}

std::string Client::read_answer(bool without_body) {
  std::string out = read_until("\r\n\r\n");
  const std::size_t field = out.find("Content-Length: ");
  if (without_body || field == std::string::npos) return out;
  const std::size_t length = std::strtoul(out.c_str() + field + 16, nullptr, 10);
  while (buffer_.size() < length && fill()) continue;
  out += buffer_.substr(0, length);
  buffer_.erase(0, length);
  return out;
}

std::string Client::read_to_end() {
  while (fill()) continue;
  return std::exchange(buffer_, {});
}

std::string Client::read_some(std::size_t most) {
  if (buffer_.empty()) fill(most);
  return std::exchange(buffer_, {});
}

std::string body_of(std::string_view answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string() : std::string(answer.substr(end + 4));
}

int status_of(std::string_view answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::atoi(std::string(answer.substr(9, 3)).c_str()) : 0;
}

}  // namespace daybook::api::test
