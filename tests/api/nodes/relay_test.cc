#include "api/nodes/relay.h"

#include <gtest/gtest.h>

namespace daybook::api {
namespace {

// A client that reads when the test says so.
class HeldClient final : public Exchange {
 public:
  const Request& request() const override { return request_; }
  bool reply(Response response) override {
    replies.push_back(std::move(response));
    return true;
  }
  bool start_stream(Response head) override {
    replies.push_back(std::move(head));
    return true;
  }
  bool write(std::string chunk) override { return write(std::move(chunk), {}); }
  bool write(std::string chunk, std::function<void(bool)> on_drained) override {
    if (!takes) return false;
    chunks.push_back(std::move(chunk));
    drained = std::move(on_drained);
    return true;
  }
  void finish() override { finished = true; }
  bool is_open() const override { return open; }
  void on_close(std::function<void()> callback) override { hang_up = std::move(callback); }
  void post(std::function<void()> task) override { task(); }
  std::shared_ptr<DelayedCall> call_after(std::chrono::milliseconds, std::function<void()>) override { return {}; }

  Request request_;
  std::vector<Response> replies;
  std::vector<std::string> chunks;
  std::function<void(bool)> drained;
  std::function<void()> hang_up;
  bool takes = true;
  bool finished = false;
  bool open = true;
};

class RelayTest : public ::testing::Test {
 protected:
  RelayTest() {
    client_->request_.method = "GET";
    options_.collect_bytes = 3;
    options_.stream_window_bytes = 4;
  }

  Relay relay() {
    Forward forward;
    forward.exchange = client_;
    return {std::move(forward), options_, [this](const ClientNews& news) { news_.push_back(news); }};
  }

  const std::shared_ptr<HeldClient> client_ = std::make_shared<HeldClient>();
  ForwarderOptions options_;
  std::vector<ClientNews> news_;
};

TEST_F(RelayTest, GivesAShortAnswerWhole) {
  Relay relay = this->relay();
  relay.begin({201, {}, ""}, 3);
  EXPECT_EQ(relay.take("ab"), Relay::Taken::kYes);
  EXPECT_EQ(relay.take("c"), Relay::Taken::kYes);
  EXPECT_TRUE(client_->replies.empty());
  relay.complete();
  ASSERT_EQ(client_->replies.size(), 1U);
  EXPECT_EQ(client_->replies[0].body, "abc");
  EXPECT_EQ(client_->replies[0].status, 201U);
}

TEST_F(RelayTest, StreamsALongerOne) {
  Relay relay = this->relay();
  relay.begin({}, 4);
  EXPECT_EQ(relay.take("ab"), Relay::Taken::kYes);
  EXPECT_EQ(client_->chunks, std::vector<std::string>{"ab"});
  relay.complete();
  EXPECT_TRUE(client_->finished);
}

TEST_F(RelayTest, StreamsOneOfUnknownLength) {
  Relay relay = this->relay();
  relay.begin({}, std::nullopt);
  EXPECT_EQ(client_->replies.size(), 1U);
}

TEST_F(RelayTest, TakesNoMoreThanTheWindowUntilTheClientReads) {
  Relay relay = this->relay();
  relay.begin({}, std::nullopt);
  EXPECT_EQ(relay.take("abcd"), Relay::Taken::kYes);
  EXPECT_FALSE(relay.has_room());
  EXPECT_EQ(relay.take("e"), Relay::Taken::kNotYet);
  EXPECT_EQ(client_->chunks.size(), 1U);
  client_->drained(true);
  relay.hear(news_.at(0));
  EXPECT_TRUE(relay.has_room());
  EXPECT_EQ(relay.take("e"), Relay::Taken::kYes);
}

TEST_F(RelayTest, WaitsWhileTheClientsConnectionTakesNoMore) {
  Relay relay = this->relay();
  relay.begin({}, std::nullopt);
  EXPECT_EQ(relay.take("a"), Relay::Taken::kYes);
  client_->takes = false;
  EXPECT_EQ(relay.take("b"), Relay::Taken::kNotYet);
  client_->open = false;
  EXPECT_EQ(relay.take("b"), Relay::Taken::kNotWanted);
}

TEST_F(RelayTest, HearsThatTheClientWasLostFromTheBytesThatWait) {
  Relay relay = this->relay();
  relay.begin({}, std::nullopt);
  relay.take("a");
  client_->open = false;
  client_->drained(false);
  EXPECT_TRUE(news_.at(0).hung_up);
  relay.hear(news_.at(0));
  EXPECT_FALSE(relay.is_wanted());
}

TEST_F(RelayTest, ACommandIsWantedWithoutItsClient) {
  client_->request_.method = "POST";
  Relay relay = this->relay();
  EXPECT_FALSE(client_->hang_up);
  relay.begin({}, 1);
  client_->open = false;
  relay.hear({.hung_up = true});
  EXPECT_TRUE(relay.is_wanted());
}

TEST_F(RelayTest, AReadIsWantedUntilItsClientIsGone) {
  Relay relay = this->relay();
  client_->hang_up();
  relay.hear(news_.at(0));
  EXPECT_TRUE(relay.is_wanted());
  client_->open = false;
  EXPECT_FALSE(relay.is_wanted());
}

TEST_F(RelayTest, DoesNotRelayTheFieldsOfTheOwnersConnection) {
  Relay relay = this->relay();
  relay.begin({200, {{"Connection", "close, X-Hop"}, {"X-Hop", "1"}, {"ETag", "a"}}, ""}, 0);
  relay.complete();
  EXPECT_EQ(client_->replies.at(0).headers, (Headers{{"ETag", "a"}}));
}

TEST_F(RelayTest, AStreamThatFailsIsNotFinished) {
  Relay relay = this->relay();
  relay.begin({}, std::nullopt);
  relay.fail("unavailable", "Lost.");
  EXPECT_EQ(client_->replies.size(), 1U);
  EXPECT_FALSE(client_->finished);
}

}  // namespace
}  // namespace daybook::api
