#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "api/server/server.h"
#include "tests/api/server/client.h"

namespace daybook::api::test {

inline Response text(std::string body) {
  Response response;
  response.set_header("Content-Type", "text/plain");
  response.body = std::move(body);
  return response;
}

// A server on a free loopback port whose handler notes each target and answers with method, target and body, unless the
// test says otherwise.
class Serving : public ::testing::Test {
 protected:
  Serving() {
    options_.log = [this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      log_.emplace_back(line);
    };
    handler_ = [](const std::shared_ptr<Exchange>& exchange) {
      const Request& request = exchange->request();
      exchange->reply(text(request.method + " " + request.target + " " + request.body));
    };
  }

  ~Serving() override {
    if (server_) server_->stop();
    if (!options_.spool_directory.empty()) std::filesystem::remove_all(options_.spool_directory);
  }

  void serve() {
    server_ = std::make_unique<Server>(
        options_,
        [this](std::shared_ptr<Exchange> exchange) {
          {
            const std::lock_guard lock(mutex_);
            targets_.push_back(exchange->request().target);
          }
          handler_(std::move(exchange));
        },
        policy_);
    server_->start();
  }

  Client connect(int receive_buffer_bytes = 0) const { return Client(server_->port(), receive_buffer_bytes); }

  std::vector<std::string> targets() {
    const std::lock_guard lock(mutex_);
    return targets_;
  }
  std::vector<std::string> log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

  ServerOptions options_;
  Handler handler_;
  BodyPolicy policy_;
  std::unique_ptr<Server> server_;

 private:
  std::mutex mutex_;
  std::vector<std::string> targets_;
  std::vector<std::string> log_;
};

}  // namespace daybook::api::test
