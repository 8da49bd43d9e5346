#include "tests/api/nodes/raw_owner.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace daybook::api::test {

RawOwner::RawOwner() : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
  ::sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(descriptor_, reinterpret_cast<::sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(descriptor_, 16) != 0)
    throw std::runtime_error("no socket to listen on");
}

RawOwner::~RawOwner() { ::close(descriptor_); }

std::string RawOwner::url() const {
  ::sockaddr_in address{};
  ::socklen_t size = sizeof address;
  ::getsockname(descriptor_, reinterpret_cast<::sockaddr*>(&address), &size);
  return "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

Client RawOwner::accept() const {
  ::pollfd waiting{descriptor_, POLLIN, 0};
  if (::poll(&waiting, 1, 20000) != 1) throw std::runtime_error("nobody called");
  return Client(Client::Accepted{::accept(descriptor_, nullptr, nullptr)});
}

bool RawOwner::was_called_again() const {
  ::pollfd waiting{descriptor_, POLLIN, 0};
  return ::poll(&waiting, 1, 0) == 1;
}

}  // namespace daybook::api::test
