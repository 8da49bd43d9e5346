#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace daybook::api {

// The bytes of a connection that wait to be written, in order.
class Outbox {
 public:
  using Drained = std::move_only_function<void(bool ok)>;

  // `drained` is called with true once the kernel has all of these bytes and those before.
  void push(std::string bytes, Drained drained = {});

  // Fills `pieces` with views of the first of them; returns how many. They stay valid until consumed.
  std::size_t peek(std::span<std::string_view> pieces) const;
  // The first `size` bytes are written.
  void consume(std::size_t size);
  // Nothing more will be: every `drained` that waits is called with false.
  void fail();

  bool empty() const { return pieces_.empty(); }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Piece {
    std::string bytes;
    Drained drained;
  };
  std::deque<Piece> pieces_;
  std::size_t written_ = 0;  // of the first piece
  std::size_t bytes_ = 0;
};

}  // namespace daybook::api
