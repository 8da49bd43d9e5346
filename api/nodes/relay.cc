#include "api/nodes/relay.h"

#include <utility>

#include "api/nodes/end_to_end.h"

namespace daybook::api {

Relay::Relay(Forward forward, const ForwarderOptions& options, Tell tell)
    : forward_(std::move(forward)), options_(options), tell_(std::move(tell)) {
  if (is_read()) follow_client();
}

void Relay::follow_client() {
  forward_.exchange->on_close([tell = tell_] { tell({.hung_up = true}); });
}

void Relay::begin(Response head, std::optional<std::uint64_t> length) {
  answer_ = std::move(head);
  answer_.headers = end_to_end(answer_.headers);
  const bool without_body = answer_.status == 204 || answer_.status == 304;
  const bool is_short = length && (*length <= options_.collect_bytes || request().method == "HEAD");
  state_ = State::kCollecting;
  if (without_body || is_short) return;
  state_ = start_stream() ? State::kStreaming : State::kOver;
}

bool Relay::start_stream() {
  endless_ = answer_.header("Content-Type").value_or("").starts_with("text/event-stream");
  const unsigned status = answer_.status;
  if (!forward_.exchange->start_stream(std::move(answer_))) return false;
  if (forward_.answered) forward_.answered(status);
  if (!is_read()) follow_client();
  return true;
}

Relay::Taken Relay::take(std::string_view bytes) {
  if (state_ == State::kCollecting) {
    answer_.body += bytes;
    return Taken::kYes;
  }
  if (state_ != State::kStreaming || !is_wanted()) return Taken::kNotWanted;
  if (!has_room()) return Taken::kNotYet;
  const std::size_t size = bytes.size();
  const auto drained = [tell = tell_, size](bool ok) { tell({.hung_up = !ok, .drained_bytes = size}); };
  if (forward_.exchange->write(std::string(bytes), drained)) {
    waiting_bytes_ += size;
    return Taken::kYes;
  }
  // The exchange refuses an open client only while something waits for it, whose drain tells when to try again.
  return forward_.exchange->is_open() && waiting_bytes_ > 0 ? Taken::kNotYet : Taken::kNotWanted;
}

void Relay::complete() {
  const State state = std::exchange(state_, State::kOver);
  if (state == State::kStreaming) forward_.exchange->finish();
  if (state != State::kCollecting) return;
  Forward::Relay relay = [exchange = forward_.exchange, answered = forward_.answered](Response answer) {
    give_answer(*exchange, std::move(answer), answered);
  };
  if (forward_.before_answer) return forward_.before_answer(std::move(answer_), std::move(relay));
  relay(std::move(answer_));
}

void Relay::hear(const ClientNews& news) {
  hung_up_ = hung_up_ || news.hung_up;
  waiting_bytes_ -= news.drained_bytes;
}

// A client that only sends no more still reads. That is worth a stream with an end, which breaks off at the next bytes
// if it is not so; events may come an hour later. A command goes on: whoever repeats it wants to hear what became of
// it.
bool Relay::is_wanted() const {
  if (!hung_up_) return true;
  if (state_ == State::kStreaming) return forward_.exchange->is_open() && !endless_;
  return forward_.exchange->is_open() || !is_read();
}

void Relay::fail(std::string_view code, std::string_view detail) {
  if (std::exchange(state_, State::kOver) != State::kStreaming) give_problem(forward_, code, detail);
}

void Relay::abandon() {
  if (state_ == State::kStreaming && endless_) forward_.exchange->finish();
  state_ = State::kOver;
}

}  // namespace daybook::api
