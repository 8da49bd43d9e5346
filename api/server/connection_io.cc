#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <utility>

#include "api/server/connection.h"

namespace daybook::api {
namespace {

// After the last answer what the client still sends is read and dropped: closing with unread bytes would reset the
// connection, and the client might lose the answer (RFC 9112 §9.6). But not for long.
constexpr std::chrono::milliseconds kLinger{2000};
constexpr std::size_t kLingerBytes = 16U << 20;
constexpr std::size_t kLeastBuffer = 16384;

std::chrono::milliseconds ms(unsigned count) { return std::chrono::milliseconds(count); }

}  // namespace

Connection::Connection(std::shared_ptr<Loop> loop, std::shared_ptr<ServerContext> context, int descriptor,
                       std::string peer_address, std::function<void(Connection*)> on_closed)
    : loop_(std::move(loop)),
      context_(std::move(context)),
      peer_address_(std::move(peer_address)),
      on_closed_(std::move(on_closed)),
      limits_{context_->options.header_limit_bytes, context_->options.target_limit_bytes,
              context_->options.header_limit_fields},
      socket_(*loop_, descriptor),
      timer_(*loop_),
      buffer_(std::max(kLeastBuffer, limits_.header_bytes)) {}

void Connection::start() {
  waiting_since_ = Clock::now();
  settle();
}

void Connection::wind_up() {
  if (closed_ || state_ != State::Header || !buffered().empty()) return;
  state_ = State::Closing;
  settle();
}

void Connection::close() {
  if (closed_.exchange(true)) return;
  const auto self = shared_from_this();
  reader_.reset();
  sink_ = {};
  socket_.close();
  timer_.cancel();
  outbox_.fail();
  if (state_ == State::Answering) hang_up();
  on_hang_up_.clear();
  for (const auto& call : std::exchange(delayed_, {})) call->disarm();
  context_->admission.leave(peer_address_);
  on_closed_(this);
}

// The buffer moves only while no read is filling it.
void Connection::want_read() {
  if (reading_ || input_ended_ || closed_ || state_ == State::Closing) return;
  if (begin_ == end_) begin_ = end_ = 0;
  if (begin_ > 0 && end_ == buffer_.size()) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= std::exchange(begin_, 0);
  }
  if (end_ == buffer_.size()) return;
  reading_ = true;
  socket_.read_some({buffer_.data() + end_, buffer_.size() - end_},
                    [self = shared_from_this()](std::error_code error, std::size_t size) {
                      self->reading_ = false;
                      if (!self->closed_) self->on_read(error, size);
                    });
}

void Connection::on_read(std::error_code error, std::size_t size) {
  if (error) return close();
  end_ += size;
  input_ended_ = size == 0;
  if (state_ == State::Lingering) {
    begin_ = end_;
    lingered_bytes_ += size;
    return input_ended_ || lingered_bytes_ > kLingerBytes ? close() : want_read();
  }
  if (input_ended_ && state_ == State::Answering) hang_up();
  advance();
}

void Connection::flush() {
  if (flushing_) return;
  flushing_ = true;
  while (!writing_ && !closed_ && !outbox_.empty()) {
    std::array<std::string_view, Socket::kMostPieces> pieces;
    const std::span<const std::string_view> first(pieces.data(), outbox_.peek(pieces));
    std::error_code error;
    const std::size_t written = socket_.write_now(first, error);
    if (error) {
      close();
    } else if (written > 0) {
      outbox_.consume(written);
    } else {
      writing_ = true;
      written_at_ = Clock::now();
      socket_.write_some(first, [self = shared_from_this()](std::error_code failure, std::size_t size) {
        self->writing_ = false;
        if (!self->closed_) self->on_written(failure, size);
      });
    }
  }
  flushing_ = false;
}

void Connection::on_written(std::error_code error, std::size_t size) {
  if (error) return close();
  flushing_ = true;  // what a callback adds is written below
  outbox_.consume(size);
  flushing_ = false;
  advance();
}

// What is next, now that nothing more can be done with the bytes at hand.
void Connection::settle() {
  if (closed_) return;
  const bool unfinished = state_ == State::Header || state_ == State::Body;
  if (input_ended_ && unfinished && !is_held_back()) state_ = State::Closing;
  if (state_ == State::Closing && outbox_.empty()) begin_linger();
  want_read();
  arm();
}

void Connection::begin_linger() {
  if (input_ended_) return close();
  socket_.end_output();
  state_ = State::Lingering;
  waiting_since_ = Clock::now();
  begin_ = end_;
}

void Connection::hang_up() {
  hung_up_ = true;
  for (const auto& callback : std::exchange(on_hang_up_, {})) context_->run_guarded("an on_close callback", callback);
}

void Connection::on_hang_up(std::function<void()> callback) {
  if (hung_up_ || closed_) return context_->run_guarded("an on_close callback", callback);
  on_hang_up_.push_back(std::move(callback));
}

void Connection::add_delayed(const std::shared_ptr<Delayed>& call) {
  if (closed_) return call->disarm();
  delayed_.insert(call);
  call->arm();
}

void Connection::drop_delayed(const std::shared_ptr<Delayed>& call) {
  call->disarm();
  delayed_.erase(call);
}

std::optional<Clock::time_point> Connection::due() const {
  const ServerOptions& options = context_->options;
  if (writing_) return written_at_ + ms(options.idle_timeout_ms);
  switch (state_) {
    case State::Header:
      if (header_since_) return *header_since_ + ms(options.header_timeout_ms);
      return waiting_since_ + ms(options.idle_timeout_ms);
    case State::Body:
      return waiting_since_ + ms(options.idle_timeout_ms);
    case State::Lingering:
      return waiting_since_ + kLinger;
    case State::Answering:
    case State::Closing:
      break;
  }
  return std::nullopt;
}

void Connection::arm() {
  const auto when = closed_ ? std::nullopt : due();
  if (!when || (timer_at_ && *timer_at_ <= *when)) return;
  timer_at_ = when;
  timer_.set(*when, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->expire();
  });
}

void Connection::expire() {
  timer_at_.reset();
  const auto when = closed_ ? std::nullopt : due();
  if (!when) return;
  if (Clock::now() < *when) return arm();
  const bool unfinished = (state_ == State::Header && header_since_) || state_ == State::Body;
  if (writing_ || !unfinished) return close();
  refuse({408, "request_timeout", "The request did not come to its end in time."});
  flush();
  settle();
}

}  // namespace daybook::api
