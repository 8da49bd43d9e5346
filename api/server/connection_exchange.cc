#include "api/server/connection_exchange.h"

#include <utility>

#include "api/server/delayed.h"

namespace daybook::api {

ConnectionExchange::ConnectionExchange(std::shared_ptr<Connection> connection, Request request, const AnswerForm& form,
                                       std::shared_ptr<SpoolFile> body_file)
    : connection_(std::move(connection)), request_(std::move(request)), form_(form), body_file_(std::move(body_file)) {}

// No step is queued any more: each holds the exchange. The path alone is logged, for a query may hold what is private.
ConnectionExchange::~ConnectionExchange() {
  if (phase_ == Phase::Complete || connection_->is_closed()) return;
  const auto& options = connection_->context().options;
  options.log(request_.method + " " + request_.path + ": the handler dropped the request without " +
              (phase_ == Phase::Waiting ? "an answer" : "the stream's end"));
  Task last;
  if (phase_ == Phase::Waiting) {
    last = [weak = std::weak_ptr(connection_),
            answer =
                encode(options.problem_writer(500, "internal", "The server failed; its log says how."))]() mutable {
      if (const auto connection = weak.lock()) connection->send_answer(std::move(answer));
    };
  } else {
    last = [weak = std::weak_ptr(connection_)] {
      if (const auto connection = weak.lock()) connection->close();
    };
  }
  if (connection_->loop().is_current())
    last();
  else
    connection_->loop().post(std::move(last));
}

AnswerForm ConnectionExchange::form() const {
  AnswerForm form = form_;
  form.keep_alive = form.keep_alive && !connection_->context().draining;
  return form;
}

Answer ConnectionExchange::encode(Response response) const {
  if (auto answer = encode_answer(std::move(response), form())) return std::move(*answer);
  connection_->context().options.log(request_.method + " " + request_.path +
                                     ": a header field of the answer is malformed");
  return *encode_answer(write_plain_problem(500, "internal", "The answer could not be written."), form());
}

bool ConnectionExchange::reply(Response response) {
  return submit(Phase::Waiting, Phase::Complete,
                [answer = encode(std::move(response))](Connection& connection) mutable {
                  connection.send_answer(std::move(answer));
                });
}

bool ConnectionExchange::start_stream(Response head) {
  std::string first = std::exchange(head.body, {});
  auto answer = encode_stream_head(std::move(head), form());
  if (!answer) return reply(write_plain_problem(500, "internal", "The answer could not be written."));
  if (form_.without_body)
    return submit(Phase::Waiting, Phase::Complete, [answer = std::move(*answer)](Connection& connection) mutable {
      connection.send_answer(std::move(answer));
    });
  const bool started =
      submit(Phase::Waiting, Phase::Streaming, [this, answer = std::move(*answer)](Connection& connection) mutable {
        keep_alive_ = answer.keep_alive;
        connection.begin_stream(std::move(answer));
      });
  if (started && !first.empty()) write(std::move(first));
  return started;
}

bool ConnectionExchange::write(std::string chunk, std::function<void(bool ok)> on_drained) {
  Connection& connection = *connection_;
  const std::size_t size = chunk.size();
  if (connection.is_closed() || connection.stream_bytes >= connection.context().options.stream_buffer_bytes)
    return false;
  Outbox::Drained drained = [weak = std::weak_ptr(connection_), size, on_drained = std::move(on_drained)](bool ok) {
    const auto owner = weak.lock();
    if (!owner) return;
    owner->stream_bytes -= size;
    if (on_drained) owner->context().run_guarded("an on_drained callback", [&] { on_drained(ok); });
  };
  std::string bytes = form_.http_1_1 ? encode_chunk(chunk) : std::move(chunk);
  connection.stream_bytes += size;
  const bool taken = submit(Phase::Streaming, Phase::Streaming,
                            [bytes = std::move(bytes), drained = std::move(drained)](Connection& owner) mutable {
                              owner.send_chunk(std::move(bytes), std::move(drained));
                            });
  if (!taken) connection.stream_bytes -= size;
  return taken;
}

void ConnectionExchange::finish() {
  submit(Phase::Streaming, Phase::Complete,
         [this](Connection& connection) { connection.end_stream(form_.http_1_1, keep_alive_); });
}

bool ConnectionExchange::is_open() const {
  const std::lock_guard lock(mutex_);
  return phase_ != Phase::Complete && !connection_->is_closed();
}

void ConnectionExchange::on_close(std::function<void()> callback) {
  submit([this, callback = std::move(callback)](Connection& connection) mutable {
    const bool complete = !is_open() && !connection.is_closed();
    if (!complete) connection.on_hang_up(std::move(callback));
  });
}

void ConnectionExchange::post(std::function<void()> task) {
  connection_->loop().post([self = shared_from_this(), task = std::move(task)] {
    self->connection_->context().run_guarded("a posted task", task);
  });
}

std::shared_ptr<DelayedCall> ConnectionExchange::call_after(std::chrono::milliseconds delay,
                                                            std::function<void()> task) {
  auto call = std::make_shared<Delayed>(connection_, Clock::now() + delay, std::move(task));
  submit([call](Connection& connection) { connection.add_delayed(call); });
  return call;
}

bool ConnectionExchange::submit(Phase from, Phase to, Step step) {
  std::unique_lock lock(mutex_);
  if (phase_ != from) return false;
  phase_ = to;
  enqueue(std::move(lock), std::move(step));
  return true;
}

void ConnectionExchange::submit(Step step) { enqueue(std::unique_lock(mutex_), std::move(step)); }

void ConnectionExchange::enqueue(std::unique_lock<std::mutex> lock, Step step) {
  steps_.push_back(std::move(step));
  if (connection_->loop().is_current()) {
    lock.unlock();
    return run_steps();
  }
  if (posted_) return;
  posted_ = true;
  lock.unlock();
  const bool due = connection_->loop().post([self = shared_from_this()] {
    {
      const std::lock_guard again(self->mutex_);
      self->posted_ = false;
    }
    self->run_steps();
  });
  if (due) return;
  std::vector<Step> dropped;  // the server has stopped; a step may hold the exchange, which would hold the step
  const std::lock_guard again(mutex_);
  dropped.swap(steps_);
  posted_ = false;
}

// A step may lead to a callback that asks for another one: the loop below takes that up, after those before it.
void ConnectionExchange::run_steps() {
  if (running_) return;
  const auto self = shared_from_this();
  running_ = true;
  for (;;) {
    std::vector<Step> steps;
    {
      const std::lock_guard lock(mutex_);
      steps.swap(steps_);
    }
    if (steps.empty()) break;
    for (Step& step : steps) step(*connection_);
  }
  running_ = false;
}

}  // namespace daybook::api
