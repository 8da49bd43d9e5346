#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>

#include "bench/limits/limits.h"

namespace daybook::bench {
namespace {

void require(bool done, const char* doing) {
  if (!done) throw std::system_error(errno, std::generic_category(), doing);
}

void watch(int epoll, int descriptor) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = descriptor;
  require(::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0, "watching a socket");
}

std::uint16_t listen_on_free_port(int listener) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  require(::bind(listener, generic, size) == 0 && ::listen(listener, 512) == 0, "listening");
  require(::getsockname(listener, generic, &size) == 0, "asking for the port");
  return ntohs(address.sin_port);
}

// Requests of this bench come whole and one at a time, so each read is one request.
void answer(int socket, std::string_view reply) {
  std::array<char, 16384> request;
  const ssize_t count = ::recv(socket, request.data(), request.size(), 0);
  if (count <= 0 || ::send(socket, reply.data(), reply.size(), MSG_NOSIGNAL) < 0) ::close(socket);
}

}  // namespace

void serve_replies() {
  const std::string reply =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n" + std::string(900, 'x');
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  require(epoll >= 0 && listener >= 0, "making sockets");
  std::printf("%u\n", listen_on_free_port(listener));
  std::fflush(stdout);
  watch(epoll, listener);
  watch(epoll, STDIN_FILENO);
  for (;;) {
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
      if (descriptor == STDIN_FILENO) return;
      if (descriptor != listener) {
        answer(descriptor, reply);
        continue;
      }
      const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      require(socket >= 0, "accepting");
      const int on = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      watch(epoll, socket);
    }
  }
}

}  // namespace daybook::bench
