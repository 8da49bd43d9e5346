#include <gtest/gtest.h>

#include <future>

#include "tests/api/service_scene.h"

namespace daybook::api::test {
namespace {

/// The first partition is another node's, which answers what it is asked to make a workspace, and a word to all else.
class HandOnTest : public ServiceScene {
 protected:
  HandOnTest() {
    ServerOptions options;
    options.log = [](std::string_view) {};
    owner_ = std::make_unique<Server>(
        options, [this](const std::shared_ptr<Exchange>& exchange) { answer(*exchange); },
        [](const Request&) { return BodyRule::in_memory(); });
    owner_->start();
    let_another_node_have_the_first("http://127.0.0.1:" + std::to_string(owner_->port()));
    follow();
    own({1});
    handler_ = [this](const std::shared_ptr<Exchange>& exchange) {
      if (exchange->request().method == "POST") creation_.set_value(exchange);
      api_.handle(exchange);
    };
  }
  ~HandOnTest() override {
    forwarder_.stop();
    owner_->stop();
  }

  void answer(Exchange& exchange) {
    Response response = text("of the owner");
    if (exchange.request().method != "POST") return static_cast<void>(exchange.reply(std::move(response)));
    response.status = 201;
    response.set_header("Daybook-Position", "0");
    response.set_header("Location", "/v1/workspaces/" + kOnSecond.value.text());
    exchange.reply(std::move(response));
    created_.set_value();
  }

  std::unique_ptr<Server> owner_;
  std::promise<std::shared_ptr<Exchange>> creation_;
  std::promise<void> created_;
};

TEST_F(HandOnTest, TellsOfANewWorkspaceOnceItHasBegunHere) {
  Client client = connected();
  client.send("POST /v1/workspaces HTTP/1.1\r\nHost: node\r\nAuthorization: Bearer " + kOperatorKey + "\r\n\r\n");
  const auto creation = creation_.get_future().get();
  created_.get_future().get();
  // What the owner answers after that comes after it.
  EXPECT_EQ(body_of(ask_as_operator("PATCH /v1/workspaces/" + kOnFirst.value.text())), "of the owner");
  EXPECT_TRUE(creation->is_open());
  positions_.reached(kOnSecond, 1);
  EXPECT_EQ(status_of(client.read_answer()), 201);
}

}  // namespace
}  // namespace daybook::api::test
