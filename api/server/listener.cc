#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "api/server/socket.h"

namespace daybook::api {
namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

struct Listener::State {
  tcp::acceptor acceptor;
  Timer pause;
  std::function<void(int, std::string)> taken;

  explicit State(Loop& loop) : acceptor(loop.context()), pause(loop) {}

  void wait() {
    acceptor.async_wait(tcp::acceptor::wait_read, [this](const ErrorCode& ec) {
      if (!ec) take_all();
    });
  }

  // All that wait, but not for ever: the loop's connections want their turn too.
  void take_all() {
    for (int i = 0; i < 64; ++i) {
      tcp::endpoint peer;
      ::socklen_t size = static_cast<::socklen_t>(peer.capacity());
      const int descriptor = ::accept4(acceptor.native_handle(), peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (descriptor < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
        return pause.set(Clock::now() + std::chrono::milliseconds(100), [this] { wait(); });
      if (descriptor < 0) break;
      peer.resize(size);
      taken(descriptor, peer.address().to_string());
    }
    wait();
  }
};

Listener::Listener(Loop& loop, const std::string& host, std::uint16_t port) : state_(std::make_unique<State>(loop)) {
  try {
    tcp::resolver resolver(loop.context());
    const tcp::endpoint endpoint = *resolver.resolve(host, std::to_string(port), tcp::resolver::passive).begin();
    state_->acceptor.open(endpoint.protocol());
    state_->acceptor.set_option(tcp::acceptor::reuse_address(true));
    state_->acceptor.bind(endpoint);
    state_->acceptor.listen();
    state_->acceptor.non_blocking(true);
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error("can't listen on " + host + " port " + std::to_string(port) + ": " +
                             error.code().message() + "; choose another one with --listen, or end who holds it");
  }
}

Listener::~Listener() = default;

std::uint16_t Listener::port() const { return state_->acceptor.local_endpoint().port(); }

void Listener::accept(std::function<void(int, std::string)> taken) {
  state_->taken = std::move(taken);
  state_->wait();
}

void Listener::close() {
  ErrorCode ignored;
  state_->acceptor.close(ignored);
  state_->pause.cancel();
}

}  // namespace daybook::api
