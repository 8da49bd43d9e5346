#include "api/server/connection.h"

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

#include "api/server/connection_exchange.h"
#include "api/server/gzip.h"

namespace daybook::api {
namespace {

// A chunk header or the trailers must come whole; longer ones are of no use to anybody.
constexpr std::size_t kFramingBytes = 8192;
// The progress a body must make in idle_timeout_ms, so that a trickle does not hold a connection.
constexpr std::uint64_t kBodyStepBytes = 16384;

}  // namespace

void ServerContext::run_guarded(std::string_view what, const std::function<void()>& task) const {
  try {
    task();
  } catch (const std::exception& error) {
    options.log(std::string(what) + " threw: " + error.what());
  }
}

// Looks at what is buffered until bytes or an answer are missing. An answer given within the handler comes back here
// and leaves the loop below to go on, so that a thousand pipelined requests need no stack.
void Connection::advance() {
  if (advancing_ || closed_) return;
  advancing_ = true;
  bool more = true;
  while (more && !closed_) {
    more = step();
    if (!more || is_held_back()) flush();
    if (is_held_back()) more = false;
  }
  advancing_ = false;
  settle();
}

bool Connection::step() {
  if (state_ == State::Header) return read_header();
  if (state_ == State::Body) return read_body();
  return false;
}

bool Connection::read_header() {
  std::string_view bytes = buffered();
  if (bytes.empty()) return false;
  if (!skipped_line_ && bytes.starts_with("\r\n")) {  // RFC 9112 §2.2: one empty line before a request is forgiven
    skipped_line_ = true;
    begin_ += 2;
    scanned_ = 0;
    return true;
  }
  if ((bytes[0] < 'A' || bytes[0] > 'Z') && bytes[0] != '\r')
    return refuse({.detail = "A request begins with a method in capitals."});
  const HeaderScan scan = scan_header(bytes.substr(0, limits_.header_bytes), scanned_);
  if (scan.state == HeaderScan::State::Malformed) return refuse({.detail = "A header line ends in LF without CR."});
  if (scan.state == HeaderScan::State::Complete) return take_header(bytes.substr(0, scan.size));
  if (bytes.size() >= limits_.header_bytes) return refuse(refuse_oversized(bytes, limits_));
  if (!header_since_) header_since_ = Clock::now();
  return false;
}

bool Connection::take_header(std::string_view header) {
  form_ = {.without_body = header.starts_with("HEAD "), .keep_alive = false};
  auto admitted = admit(header, limits_);
  if (!admitted) return refuse(admitted.error());
  head_ = std::move(*admitted);
  form_.http_1_1 = head_.http_1_1;
  form_.gzip = accepts_gzip(head_.request);
  reader_ = std::make_unique<BodyReader>(limits_.header_bytes);
  if (!reader_->take_header(header, head_.chunked, head_.content_length.value_or(0)))
    return refuse({.detail = "The header can be read in more than one way."});
  form_.keep_alive = reader_->keep_alive();
  head_.request.peer_address = peer_address_;
  begin_ += header.size();
  scanned_ = 0;
  skipped_line_ = false;
  header_since_.reset();
  sink_ = {};
  if (head_.has_body()) return begin_body();
  dispatch();
  return true;
}

bool Connection::begin_body() {
  BodyRule rule;
  bool decided = !context_->policy;
  context_->run_guarded("the body policy", [&] {
    if (context_->policy) rule = context_->policy(head_.request);
    decided = true;
  });
  if (!decided) return refuse({500, "internal", "The server failed; its log says how."});
  if (rule.kind == BodyRule::Kind::Refused) return refuse_with(std::move(rule.refusal));
  const bool to_file = rule.kind == BodyRule::Kind::File;
  const ServerOptions& options = context_->options;
  sink_.limit_bytes = rule.limit_bytes.value_or(to_file ? options.upload_limit_bytes : options.body_limit_bytes);
  if (head_.content_length.value_or(0) > sink_.limit_bytes)
    return refuse({413, "too_large", "The body is larger than " + std::to_string(sink_.limit_bytes) + " bytes."});
  if (to_file) {
    context_->run_guarded(
        "spooling", [&] { sink_.file = std::make_shared<SpoolFile>(options.spool_directory, std::move(rule.place)); });
    if (!sink_.file) return refuse({507, "disk_full", "The upload can't be stored."});
  }
  if (head_.expects_continue && buffered().empty()) outbox_.push("HTTP/1.1 100 Continue\r\n\r\n");
  next_body_step_ = kBodyStepBytes;
  waiting_since_ = Clock::now();
  state_ = State::Body;
  return true;
}

bool Connection::read_body() {
  if (buffered().empty()) return false;
  const BodyReader::Progress progress = reader_->take_body(buffered(), sink_);
  begin_ += progress.consumed_bytes;
  switch (progress.state) {
    case BodyReader::State::Malformed:
      return refuse({.detail = "The chunks of the body are malformed."});
    case BodyReader::State::TooLarge:
      return refuse({413, "too_large", "The body is larger than " + std::to_string(sink_.limit_bytes) + " bytes."});
    case BodyReader::State::DiskFull:
      return refuse({507, "disk_full", "The upload can't be stored."});
    case BodyReader::State::Complete:
      dispatch();
      return true;
    case BodyReader::State::NeedsMore:
      break;
  }
  if (buffered().size() >= kFramingBytes) return refuse({.detail = "A chunk header or trailer is too long."});
  if (sink_.received_bytes >= next_body_step_) {
    next_body_step_ = sink_.received_bytes + kBodyStepBytes;
    waiting_since_ = Clock::now();
  }
  return false;
}

void Connection::dispatch() {
  state_ = State::Answering;
  hung_up_ = input_ended_;
  reader_.reset();
  head_.request.body = std::move(sink_.memory);
  if (sink_.file) head_.request.body_file = sink_.file->path();
  auto exchange = std::make_shared<ConnectionExchange>(shared_from_this(), std::move(head_.request), form_,
                                                       std::exchange(sink_.file, nullptr));
  context_->run_guarded("the handler", [&] { context_->handler(std::move(exchange)); });
}

void Connection::complete(bool keep_alive) {
  on_hang_up_.clear();
  waiting_since_ = Clock::now();
  state_ = keep_alive && !context_->draining ? State::Header : State::Closing;
  advance();
}

bool Connection::refuse(const Refusal& refusal) {
  return refuse_with(context_->options.problem_writer(refusal.status, refusal.code, refusal.detail));
}

// The rest of what the client sends is not looked at: closed after the answer, always.
bool Connection::refuse_with(Response response) {
  form_.keep_alive = false;
  auto answer = encode_answer(std::move(response), form_);
  if (!answer) answer = encode_answer(write_plain_problem(500, "internal", "The refusal could not be written."), form_);
  for (std::string& piece : answer->pieces) outbox_.push(std::move(piece));
  reader_.reset();
  sink_ = {};
  state_ = State::Closing;
  return false;
}

void Connection::send_answer(Answer answer) {
  if (closed_) return;
  for (std::string& piece : answer.pieces) outbox_.push(std::move(piece));
  complete(answer.keep_alive);
}

void Connection::begin_stream(Answer head) {
  if (closed_) return;
  for (std::string& piece : head.pieces) outbox_.push(std::move(piece));
  advance();
}

void Connection::send_chunk(std::string bytes, Outbox::Drained drained) {
  if (closed_) {
    if (drained) drained(false);
    return;
  }
  outbox_.push(std::move(bytes), std::move(drained));
  advance();
}

void Connection::end_stream(bool chunked, bool keep_alive) {
  if (closed_) return;
  if (chunked) outbox_.push(std::string(kLastChunk));
  complete(keep_alive);
}

}  // namespace daybook::api
