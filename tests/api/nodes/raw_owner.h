#pragma once

#include <cstdint>
#include <string>

#include "tests/api/server/client.h"

namespace daybook::api::test {

// A listening loopback socket: what arrives is counted and answered by the test itself, byte for byte.
class RawOwner {
 public:
  RawOwner();
  ~RawOwner();
  RawOwner(const RawOwner&) = delete;
  RawOwner& operator=(const RawOwner&) = delete;

  std::string url() const;
  // The next connection; waits for it at most 20 s.
  Client accept() const;
  // Whether another connection waits.
  bool was_called_again() const;

 private:
  int descriptor_;
};

}  // namespace daybook::api::test
