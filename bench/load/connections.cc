#include "bench/load/connections.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <stdexcept>
#include <system_error>

namespace daybook::bench {
namespace {

[[noreturn]] void fail(const char* doing) { throw std::system_error(errno, std::generic_category(), doing); }

int connected(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) fail("making a socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("connecting");
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

struct Answer {
  int status = 0;
  std::string_view body;
};

// The answer that `received` starts with, once it is whole.
bool read_answer(std::string_view received, Answer& answer) {
  const std::size_t end = received.find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  const std::string_view head = received.substr(0, end + 2);
  if (!head.starts_with("HTTP/1.1 ")) throw std::runtime_error("no HTTP answer: " + std::string(head.substr(0, 200)));
  std::from_chars(head.data() + 9, head.data() + 12, answer.status);
  std::size_t length = 0;
  const std::size_t field = head.find("\r\nContent-Length: ");
  if (field != std::string_view::npos) std::from_chars(head.data() + field + 18, head.data() + head.size(), length);
  if (received.size() < end + 4 + length) return false;
  answer.body = received.substr(end + 4, length);
  return true;
}

}  // namespace

Connections::Connections(const Load& load) : load_(load), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) fail("making an epoll");
  connections_.resize(load.connections);
  for (Connection& connection : connections_) {
    connection.socket = connected(load.port);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &connection;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event) != 0) fail("watching a socket");
    idle_.push_back(&connection);
  }
}

Connections::~Connections() {
  for (const Connection& connection : connections_) ::close(connection.socket);
  ::close(epoll_);
}

bool Connections::more_to_send() const {
  if (load_.requests != 0 && sent_ == load_.requests) return false;
  return load_.seconds == 0 || Clock::now() - start_ < std::chrono::duration<double>(load_.seconds);
}

Clock::time_point Connections::due(std::uint64_t number) const {
  if (load_.rate == 0) return start_;
  return start_ + std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 * static_cast<double>(number) / load_.rate));
}

void Connections::send(Connection& connection, Requests& requests, Clock::time_point since) {
  text_.clear();
  requests.write(sent_, text_);
  connection.number = sent_++;
  connection.since = since;
  for (std::string_view rest = text_; !rest.empty();) {
    const ssize_t written = ::send(connection.socket, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (written < 0 && errno != EINTR) fail("sending a request");
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

void Connections::send_due(Requests& requests) {
  while (!idle_.empty() && more_to_send()) {
    const auto now = Clock::now();
    const auto at = due(sent_);
    if (at > now) return;
    Connection& connection = *idle_.front();
    idle_.pop_front();
    send(connection, requests, load_.rate == 0 ? now : at);
  }
}

void Connections::receive(Connection& connection, Requests& requests) {
  std::array<char, 65536> bytes;
  const ssize_t count = ::recv(connection.socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) throw std::runtime_error("the server closed a connection");
  connection.received.append(bytes.data(), static_cast<std::size_t>(count));
  Answer answer;
  if (!read_answer(connection.received, answer)) return;
  ++measured_.answered;
  if (answer.status == requests.expected_status()) {
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - connection.since);
    measured_.latencies_us.push_back(static_cast<std::uint32_t>(took.count()));
    requests.answered(connection.number, answer.body);
  } else if (measured_.wrong++ == 0) {
    measured_.first_wrong = std::to_string(answer.status) + " " + std::string(answer.body.substr(0, 300));
  }
  connection.received.clear();
  idle_.push_back(&connection);
}

void Connections::wait(std::size_t timeout_ns, Requests& requests) {
  std::array<epoll_event, 256> events;
  const timespec timeout{static_cast<time_t>(timeout_ns / 1'000'000'000),
                         static_cast<long>(timeout_ns % 1'000'000'000)};
  const int count = ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
  if (count < 0 && errno != EINTR) fail("waiting for answers");
  for (int i = 0; i < count; ++i) {
    receive(*static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr), requests);
    if (load_.rate == 0) send_due(requests);
  }
}

Measured Connections::run(Requests& requests) {
  start_ = Clock::now();
  for (;;) {
    send_due(requests);
    const bool more = more_to_send();
    if (!more && idle_.size() == connections_.size()) break;
    std::size_t timeout_ns = 1'000'000'000;
    if (more && load_.rate != 0 && !idle_.empty()) {
      const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(due(sent_) - Clock::now()).count();
      timeout_ns = left > 0 ? static_cast<std::size_t>(left) : 0;
    }
    wait(timeout_ns, requests);
  }
  measured_.seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  return std::move(measured_);
}

}  // namespace daybook::bench
