#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "api/server/answer.h"
#include "api/server/connection.h"
#include "api/server/exchange.h"
#include "api/server/spool_file.h"

namespace daybook::api {

// The exchange of a Connection. What is asked of it on any thread is queued under its mutex and done on the loop's
// thread in that order, at once if that is the present one.
class ConnectionExchange final : public Exchange, public std::enable_shared_from_this<ConnectionExchange> {
 public:
  ConnectionExchange(std::shared_ptr<Connection> connection, Request request, const AnswerForm& form,
                     std::shared_ptr<SpoolFile> body_file);
  ~ConnectionExchange() override;

  const Request& request() const override { return request_; }
  bool reply(Response response) override;
  bool start_stream(Response head) override;
  bool write(std::string chunk) override { return write(std::move(chunk), nullptr); }
  bool write(std::string chunk, std::function<void(bool ok)> on_drained) override;
  void finish() override;
  bool is_open() const override;
  void on_close(std::function<void()> callback) override;
  void post(std::function<void()> task) override;
  std::shared_ptr<DelayedCall> call_after(std::chrono::milliseconds delay, std::function<void()> task) override;

 private:
  enum class Phase { Waiting, Streaming, Complete };
  using Step = std::move_only_function<void(Connection&)>;

  AnswerForm form() const;
  Answer encode(Response response) const;
  // Adds a step if `from` is the present phase, which becomes `to`.
  bool submit(Phase from, Phase to, Step step);
  void submit(Step step);
  void enqueue(std::unique_lock<std::mutex> lock, Step step);
  void run_steps();

  const std::shared_ptr<Connection> connection_;
  const Request request_;
  const AnswerForm form_;
  const std::shared_ptr<SpoolFile> body_file_;
  bool keep_alive_ = false;  // of the stream; on the loop's thread
  bool running_ = false;     // on the loop's thread

  mutable std::mutex mutex_;
  Phase phase_ = Phase::Waiting;  // guarded by mutex_, as the rest
  std::vector<Step> steps_;
  bool posted_ = false;
};

}  // namespace daybook::api
