#include "api/server/socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <utility>

namespace daybook::api {
namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

struct Socket::State {
  asio::generic::stream_protocol::socket socket;
};

Socket::Socket(Loop& loop, int descriptor)
    : state_(std::make_unique<State>(asio::generic::stream_protocol::socket(
          loop.context(), asio::generic::stream_protocol(AF_INET, IPPROTO_TCP), descriptor))) {
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ErrorCode ignored;
  state_->socket.non_blocking(true, ignored);
}

Socket::~Socket() = default;

void Socket::read_some(std::span<char> space, Done done) {
  state_->socket.async_read_some(asio::buffer(space.data(), space.size()),
                                 [done = std::move(done)](const ErrorCode& ec, std::size_t n) mutable {
                                   if (ec == asio::error::eof) return done({}, 0);
                                   done(ec, n);
                                 });
}

std::size_t Socket::write_now(std::span<const std::string_view> pieces, std::error_code& error) {
  std::array<::iovec, kMostPieces> vectors;
  const std::size_t count = std::min(pieces.size(), kMostPieces);
  for (std::size_t i = 0; i < count; ++i) vectors[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
  ::msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = count;
  ::ssize_t written = 0;
  do {
    written = ::sendmsg(state_->socket.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (written < 0 && errno == EINTR);
  error.clear();
  if (written >= 0) return static_cast<std::size_t>(written);
  if (errno != EAGAIN && errno != EWOULDBLOCK) error = std::error_code(errno, std::generic_category());
  return 0;
}

void Socket::write_some(std::span<const std::string_view> pieces, Done done) {
  std::array<asio::const_buffer, kMostPieces> buffers{};
  for (std::size_t i = 0; i < std::min(pieces.size(), kMostPieces); ++i)
    buffers[i] = asio::buffer(pieces[i].data(), pieces[i].size());
  state_->socket.async_write_some(
      buffers, [done = std::move(done)](const ErrorCode& ec, std::size_t n) mutable { done(ec, n); });
}

void Socket::end_output() {
  ErrorCode ignored;
  state_->socket.shutdown(asio::socket_base::shutdown_send, ignored);
}

void Socket::close() {
  ErrorCode ignored;
  state_->socket.close(ignored);
}

}  // namespace daybook::api
