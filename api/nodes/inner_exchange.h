#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "api/server/exchange.h"

namespace daybook::api {

/// A request that this node itself has for another one, in the course of a client's: the answer is handed to a
/// function. It runs on the client's connection.
class InnerExchange final : public Exchange {
 public:
  using Answered = std::function<void(Response answer)>;
  InnerExchange(std::shared_ptr<Exchange> outer, Request request, Answered answered)
      : outer_(std::move(outer)), request_(std::move(request)), answered_(std::move(answered)) {}

  const Request& request() const override { return request_; }
  bool reply(Response response) override {
    if (is_answered_.exchange(true)) return false;
    answered_(std::move(response));
    return true;
  }
  /// Answers are expected whole; a stream is none.
  bool start_stream(Response) override { return false; }
  bool write(std::string) override { return false; }
  bool write(std::string, std::function<void(bool)>) override { return false; }
  void finish() override {}
  bool is_open() const override { return !is_answered_; }
  void on_close(std::function<void()>) override {}
  void post(std::function<void()> task) override { outer_->post(std::move(task)); }
  std::shared_ptr<DelayedCall> call_after(std::chrono::milliseconds delay, std::function<void()> task) override {
    return outer_->call_after(delay, std::move(task));
  }

 private:
  std::shared_ptr<Exchange> outer_;
  const Request request_;
  const Answered answered_;
  std::atomic<bool> is_answered_ = false;
};

}  // namespace daybook::api
