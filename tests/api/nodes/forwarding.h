#pragma once

#include <future>
#include <memory>
#include <string>
#include <utility>

#include "api/nodes/forwarder.h"
#include "tests/api/server/serving.h"

namespace daybook::api::test {

// A request with a body of its length, or without one.
inline std::string request(const std::string& line, const std::string& fields = "", const std::string& body = "") {
  const std::string length = body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return line + " HTTP/1.1\r\nHost: edge\r\n" + fields + length + "\r\n" + body;
}

inline std::shared_ptr<Exchange> wait_for(std::promise<std::shared_ptr<Exchange>>& promise) {
  return promise.get_future().get();
}

// The server of Serving is the edge, whose handler forwards everything to `owner_url_`; its log is the forwarder's too.
class Forwarding : public Serving {
 protected:
  Forwarding() {
    forwarder_options_.node_url = "http://edge.test:1";
    forwarder_options_.log = options_.log;
    handler_ = [this](std::shared_ptr<Exchange> exchange) {
      Forward forward = template_;
      forward.exchange = std::move(exchange);
      forward.url = owner_url_;
      forwarder_->forward(std::move(forward));
    };
  }

  ~Forwarding() override { forwarder_.reset(); }

  Client forwarding_client(int receive_buffer_bytes = 0) {
    if (!forwarder_) {
      forwarder_ = std::make_unique<Forwarder>(forwarder_options_);
      serve();
    }
    return connect(receive_buffer_bytes);
  }

  // One request on a connection of its own, and its answer.
  std::string ask(const std::string& bytes) {
    Client client = forwarding_client();
    client.send(bytes);
    return client.read_answer();
  }

  ForwarderOptions forwarder_options_;
  Forward template_;
  std::string owner_url_;
  std::unique_ptr<Forwarder> forwarder_;
};

// The owner is a server too, whose handler answers as Serving's does, unless the test says otherwise.
class ForwardingToServer : public Forwarding {
 protected:
  ForwardingToServer() {
    owner_options_.log = [](std::string_view) {};
    owner_handler_ = [](const std::shared_ptr<Exchange>& exchange) {
      const Request& got = exchange->request();
      exchange->reply(text(got.method + " " + got.target + " " + got.body));
    };
    start_owner();
  }

  ~ForwardingToServer() override {
    forwarder_.reset();
    owner_->stop();
  }

  void start_owner() {
    owner_ = std::make_unique<Server>(
        owner_options_, [this](std::shared_ptr<Exchange> exchange) { owner_handler_(std::move(exchange)); },
        [this](const Request& head) { return owner_policy_ ? owner_policy_(head) : BodyRule::in_memory(); });
    owner_->start();
    owner_url_ = "http://127.0.0.1:" + std::to_string(owner_->port());
  }

  // From here on the owner's next request waits for the test in `held_`.
  void hold_at_owner() {
    owner_handler_ = [this](std::shared_ptr<Exchange> exchange) { held_.set_value(std::move(exchange)); };
  }

  ServerOptions owner_options_;
  Handler owner_handler_;
  BodyPolicy owner_policy_;
  std::unique_ptr<Server> owner_;
  std::promise<std::shared_ptr<Exchange>> held_;
};

}  // namespace daybook::api::test
