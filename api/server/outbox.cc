#include "api/server/outbox.h"

#include <utility>

namespace daybook::api {

void Outbox::push(std::string bytes, Drained drained) {
  if (bytes.empty() && !drained) return;
  bytes_ += bytes.size();
  pieces_.push_back({std::move(bytes), std::move(drained)});
}

std::size_t Outbox::peek(std::span<std::string_view> pieces) const {
  std::size_t count = 0;
  for (const Piece& piece : pieces_) {
    if (count == pieces.size()) break;
    pieces[count] = std::string_view(piece.bytes).substr(count == 0 ? written_ : 0);
    ++count;
  }
  return count;
}

// A callback may push: the piece is gone and the counts are right before it runs.
void Outbox::consume(std::size_t size) {
  bytes_ -= size;
  written_ += size;
  while (!pieces_.empty() && written_ >= pieces_.front().bytes.size()) {
    written_ -= pieces_.front().bytes.size();
    Drained drained = std::move(pieces_.front().drained);
    pieces_.pop_front();
    if (drained) drained(true);
  }
}

void Outbox::fail() {
  std::deque<Piece> lost = std::exchange(pieces_, {});
  bytes_ = 0;
  written_ = 0;
  for (Piece& piece : lost)
    if (piece.drained) piece.drained(false);
}

}  // namespace daybook::api
