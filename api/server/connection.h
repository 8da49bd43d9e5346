#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "api/server/admission.h"
#include "api/server/answer.h"
#include "api/server/body_reader.h"
#include "api/server/delayed.h"
#include "api/server/gate.h"
#include "api/server/loop.h"
#include "api/server/options.h"
#include "api/server/outbox.h"
#include "api/server/socket.h"

namespace daybook::api {

// What all connections of a server share.
struct ServerContext {
  ServerOptions options;
  Handler handler;
  BodyPolicy policy;
  Admission admission;
  std::atomic<bool> draining = false;

  // Runs foreign code; an exception of it is logged with `what` it was doing, and goes no further.
  void run_guarded(std::string_view what, const std::function<void()>& task) const;
};

// One client: reads requests from a buffer of its own through the gate, hands them out one at a time, writes the
// answers. Everything but is_closed() and stream_bytes on the loop's thread.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // Takes over the descriptor. `on_closed` is called once, by close().
  Connection(std::shared_ptr<Loop> loop, std::shared_ptr<ServerContext> context, int descriptor,
             std::string peer_address, std::function<void(Connection*)> on_closed);

  void start();
  // Closes now if idle, else with the answer under way. ServerContext::draining is set before.
  void wind_up();
  // Cuts the client off. Harmless when repeated.
  void close();

  // The exchange's side.
  void send_answer(Answer answer);
  void begin_stream(Answer head);
  void send_chunk(std::string bytes, Outbox::Drained drained);
  void end_stream(bool chunked, bool keep_alive);
  void on_hang_up(std::function<void()> callback);
  void add_delayed(const std::shared_ptr<Delayed>& call);
  void drop_delayed(const std::shared_ptr<Delayed>& call);

  bool is_closed() const { return closed_; }
  Loop& loop() { return *loop_; }
  const std::shared_ptr<Loop>& shared_loop() const { return loop_; }
  const ServerContext& context() const { return *context_; }

  std::atomic<std::size_t> stream_bytes = 0;  // taken by Exchange::write and not yet by the kernel

 private:
  // Of answers to pipelined requests that are gathered for one write before the next request is looked at.
  static constexpr std::size_t kOutboxBytes = 256 * 1024;

  enum class State { Header, Body, Answering, Closing, Lingering };

  // connection.cc: what is done with the bytes that came.
  void advance();
  bool step();
  bool read_header();
  bool take_header(std::string_view header);
  bool begin_body();
  bool read_body();
  void dispatch();
  void complete(bool keep_alive);
  bool refuse(const Refusal& refusal);
  bool refuse_with(Response response);

  // connection_io.cc: bytes in, bytes out, time.
  void want_read();
  void on_read(std::error_code error, std::size_t size);
  void flush();
  void on_written(std::error_code error, std::size_t size);
  void settle();
  void begin_linger();
  void hang_up();
  void arm();
  void expire();
  std::optional<Clock::time_point> due() const;
  // The client does not take its answers: its next request waits.
  bool is_held_back() const { return outbox_.bytes() >= kOutboxBytes; }
  std::string_view buffered() const { return {buffer_.data() + begin_, end_ - begin_}; }

  const std::shared_ptr<Loop> loop_;
  const std::shared_ptr<ServerContext> context_;
  const std::string peer_address_;
  const std::function<void(Connection*)> on_closed_;
  const GateLimits limits_;
  Socket socket_;
  Timer timer_;
  State state_ = State::Header;
  std::atomic<bool> closed_ = false;

  // The input: bytes [begin_, end_) of the buffer wait to be looked at; a read under way fills it behind end_.
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool reading_ = false;
  bool input_ended_ = false;
  std::size_t lingered_bytes_ = 0;

  // The request under way.
  std::size_t scanned_ = 0;
  bool skipped_line_ = false;
  Head head_;
  AnswerForm form_;
  std::unique_ptr<BodyReader> reader_;
  BodySink sink_;
  std::uint64_t next_body_step_ = 0;
  bool hung_up_ = false;
  std::vector<std::function<void()>> on_hang_up_;
  std::unordered_set<std::shared_ptr<Delayed>> delayed_;

  // The output.
  Outbox outbox_;
  bool writing_ = false;
  bool flushing_ = false;
  bool advancing_ = false;

  // Time: since when the present state waits, and the one timer, which is left alone when it is only due too early.
  Clock::time_point waiting_since_;
  std::optional<Clock::time_point> header_since_;
  Clock::time_point written_at_;
  std::optional<Clock::time_point> timer_at_;
};

}  // namespace daybook::api
