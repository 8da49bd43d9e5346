#include <future>

#include "tests/api/server/serving.h"

namespace daybook::api::test {
namespace {

const std::string kGet = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

using Limits = Serving;

TEST_F(Limits, TurnsAwayConnectionsBeyondTheMost) {
  options_.max_connections = 2;
  serve();
  Client first = connect();
  Client second = connect();
  first.send(kGet);
  second.send(kGet);
  EXPECT_EQ(status_of(first.read_answer()), 200);
  EXPECT_EQ(status_of(second.read_answer()), 200);
  EXPECT_EQ(status_of(connect().read_to_end()), 503);
}

TEST_F(Limits, TurnsAwayConnectionsBeyondTheMostOfAnAddress) {
  options_.max_connections_per_address = 1;
  serve();
  Client first = connect();
  first.send(kGet);
  EXPECT_EQ(status_of(first.read_answer()), 200);
  EXPECT_TRUE(connect().read_to_end().contains("Retry-After: 1\r\n"));
}

TEST_F(Limits, AClosedConnectionMakesRoom) {
  options_.max_connections = 1;
  serve();
  {
    Client first = connect();
    first.send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    first.read_to_end();
  }
  while (server_->connections() > 0) std::this_thread::yield();
  Client second = connect();
  second.send(kGet);
  EXPECT_EQ(status_of(second.read_answer()), 200);
}

TEST_F(Limits, AHeaderThatDoesNotEndInTimeIs408) {
  options_.header_timeout_ms = 50;
  serve();
  Client client = connect();
  client.send("GET /a HTTP/1.1\r\nHost:");
  EXPECT_EQ(status_of(client.read_to_end()), 408);
}

TEST_F(Limits, ASecondHeaderThatDoesNotEndInTimeIs408) {
  options_.header_timeout_ms = 50;
  serve();
  Client client = connect();
  client.send(kGet + "GET");
  EXPECT_EQ(status_of(client.read_answer()), 200);
  EXPECT_EQ(status_of(client.read_to_end()), 408);
}

TEST_F(Limits, ABodyThatDoesNotEndInTimeIs408) {
  options_.idle_timeout_ms = 50;
  serve();
  Client client = connect();
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
  EXPECT_EQ(status_of(client.read_to_end()), 408);
  EXPECT_TRUE(targets().empty());
}

TEST_F(Limits, AnIdleConnectionClosesInSilence) {
  options_.idle_timeout_ms = 50;
  serve();
  Client client = connect();
  client.send(kGet);
  EXPECT_EQ(status_of(client.read_answer()), 200);
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(Limits, AHandlerMayTakeLongerThanTheIdleTimeout) {
  options_.idle_timeout_ms = 30;
  handler_ = [](const std::shared_ptr<Exchange>& exchange) {
    exchange->call_after(std::chrono::milliseconds(150), [exchange] { exchange->reply(text("done")); });
  };
  serve();
  Client client = connect();
  client.send(kGet);
  EXPECT_EQ(body_of(client.read_answer()), "done");
}

using Drain = Serving;

TEST_F(Drain, ClosesIdleConnections) {
  serve();
  Client client = connect();
  client.send(kGet);
  EXPECT_EQ(status_of(client.read_answer()), 200);
  auto drained = std::async(std::launch::async, [this] { return server_->drain(Clock::now() + seconds(20)); });
  EXPECT_EQ(client.read_to_end(), "");
  client.reset();
  EXPECT_TRUE(drained.get());
}

TEST_F(Drain, LetsTheAnswerUnderWayBeWritten) {
  std::promise<std::shared_ptr<Exchange>> held;
  handler_ = [&](std::shared_ptr<Exchange> exchange) { held.set_value(std::move(exchange)); };
  serve();
  Client client = connect();
  client.send(kGet);
  const auto exchange = held.get_future().get();
  server_->stop_accepting();
  EXPECT_THROW(connect(), std::runtime_error);
  auto drained = std::async(std::launch::async, [this] { return server_->drain(Clock::now() + seconds(20)); });
  exchange->reply(text("done"));
  const std::string answer = client.read_to_end();
  client.reset();
  EXPECT_EQ(body_of(answer), "done");
  EXPECT_TRUE(drained.get());
}

TEST_F(Drain, CutsOffWhatIsLeftAtTheDeadline) {
  std::promise<std::shared_ptr<Exchange>> held;
  handler_ = [&](std::shared_ptr<Exchange> exchange) { held.set_value(std::move(exchange)); };
  serve();
  Client client = connect();
  client.send(kGet);
  const auto exchange = held.get_future().get();
  EXPECT_FALSE(server_->drain(Clock::now()));
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_FALSE(exchange->is_open());
}

}  // namespace
}  // namespace daybook::api::test
