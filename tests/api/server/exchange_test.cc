#include "api/server/exchange.h"

#include <future>
#include <thread>

#include "tests/api/server/serving.h"

namespace daybook::api::test {
namespace {

const std::string kGet = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";

// Keeps the exchange for the test's own thread.
class ExchangeTest : public Serving {
 protected:
  ExchangeTest() {
    handler_ = [this](std::shared_ptr<Exchange> exchange) { held_.set_value(std::move(exchange)); };
  }
  std::shared_ptr<Exchange> take() { return held_.get_future().get(); }
  std::promise<std::shared_ptr<Exchange>> held_;
};

TEST_F(ExchangeTest, IsAnsweredFromAnotherThread) {
  serve();
  Client client = connect();
  client.send(kGet);
  EXPECT_TRUE(take()->reply(text("later")));
  EXPECT_EQ(body_of(client.read_answer()), "later");
}

TEST_F(ExchangeTest, TheFirstAnswerCounts) {
  serve();
  Client client = connect();
  client.send(kGet);
  const auto exchange = take();
  EXPECT_TRUE(exchange->reply(text("first")));
  EXPECT_FALSE(exchange->reply(text("second")));
  EXPECT_FALSE(exchange->is_open());
  EXPECT_EQ(body_of(client.read_answer()), "first");
}

TEST_F(ExchangeTest, DroppedWithoutAnAnswerIs500AndLogged) {
  serve();
  Client client = connect();
  client.send("GET /a?secret HTTP/1.1\r\nHost: a\r\n\r\n");
  take().reset();
  EXPECT_EQ(status_of(client.read_answer()), 500);
  EXPECT_EQ(log(), std::vector<std::string>{"GET /a: the handler dropped the request without an answer"});
}

TEST_F(ExchangeTest, AHandlerThatThrowsIs500AndTheConnectionLives) {
  handler_ = [](const std::shared_ptr<Exchange>&) { throw std::runtime_error("broken"); };
  serve();
  Client client = connect();
  client.send(kGet);
  EXPECT_EQ(status_of(client.read_answer()), 500);
  client.send(kGet);
  EXPECT_EQ(status_of(client.read_answer()), 500);
}

TEST_F(ExchangeTest, AMalformedFieldIs500) {
  serve();
  Client client = connect();
  client.send(kGet);
  Response response = text("a");
  response.set_header("Location", "/a\r\nb");
  take()->reply(response);
  EXPECT_EQ(status_of(client.read_answer()), 500);
}

TEST_F(ExchangeTest, StreamsInChunks) {
  serve();
  Client client = connect();
  client.send(kGet);
  const auto exchange = take();
  EXPECT_TRUE(exchange->start_stream(text("one")));
  EXPECT_TRUE(exchange->write("two"));
  EXPECT_EQ(client.read_until("two\r\n").substr(0, 15), "HTTP/1.1 200 OK");
  EXPECT_TRUE(exchange->write("three"));
  exchange->finish();
  EXPECT_FALSE(exchange->write("four"));
  EXPECT_EQ(client.read_until("0\r\n\r\n"), "5\r\nthree\r\n0\r\n\r\n");
}

TEST_F(ExchangeTest, TheConnectionServesOnAfterAStream) {
  handler_ = [](const std::shared_ptr<Exchange>& exchange) {
    exchange->start_stream(text("x"));
    exchange->finish();
  };
  serve();
  Client client = connect();
  client.send(kGet + kGet);
  EXPECT_TRUE(client.read_until("0\r\n\r\n").contains("Transfer-Encoding: chunked\r\n"));
  EXPECT_TRUE(client.read_until("0\r\n\r\n").contains("Transfer-Encoding: chunked\r\n"));
}

TEST_F(ExchangeTest, StreamsToHttp10UntilTheEnd) {
  serve();
  Client client = connect();
  client.send("GET /a HTTP/1.0\r\n\r\n");
  const auto exchange = take();
  exchange->start_stream(text("one"));
  exchange->write("two");
  exchange->finish();
  EXPECT_EQ(body_of(client.read_to_end()), "onetwo");
}

TEST_F(ExchangeTest, AStreamForHeadIsItsHeaderAlone) {
  serve();
  Client client = connect();
  client.send("HEAD /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const auto exchange = take();
  EXPECT_TRUE(exchange->start_stream(text("one")));
  EXPECT_FALSE(exchange->write("two"));
  exchange->finish();
  EXPECT_EQ(body_of(client.read_to_end()), "");
}

TEST_F(ExchangeTest, AStreamDroppedUnfinishedIsCutOff) {
  serve();
  Client client = connect();
  client.send(kGet);
  auto exchange = take();
  exchange->start_stream(text("one"));
  exchange.reset();
  EXPECT_FALSE(client.read_to_end().contains("0\r\n\r\n"));
  EXPECT_EQ(log(), std::vector<std::string>{"GET /a: the handler dropped the request without the stream's end"});
}

TEST_F(ExchangeTest, ASlowReaderHoldsTheStreamBack) {
  options_.stream_buffer_bytes = 100000;
  serve();
  Client client = connect(4096);
  client.send(kGet);
  const auto exchange = take();
  exchange->start_stream(text(""));
  std::size_t taken = 0;
  while (exchange->write(std::string(50000, 'x'))) taken += 50000;
  EXPECT_TRUE(exchange->is_open());
  EXPECT_GE(taken, 100000U);
  EXPECT_LT(taken, 20000000U);
  exchange->finish();
  EXPECT_EQ(client.read_until("\r\n0\r\n\r\n").find("xxxx", 0) == std::string::npos, false);
}

TEST_F(ExchangeTest, OnDrainedPacesAStreamOfAnySize) {
  struct Source {
    std::shared_ptr<Exchange> exchange;
    int left = 400;
    void next(const std::shared_ptr<Source>& self) {
      if (left-- == 0) return exchange->finish();
      exchange->write(std::string(50000, 'x'), [self](bool ok) {
        if (ok) self->next(self);
      });
    }
  };
  serve();
  Client client = connect(4096);
  client.send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  auto source = std::make_shared<Source>(take());
  source->exchange->start_stream(text(""));
  source->next(source);
  EXPECT_GT(client.read_to_end().size(), 20000000U);
  source->exchange.reset();
}

TEST_F(ExchangeTest, OnDrainedTellsThatTheClientIsGone) {
  serve();
  Client client = connect(4096);
  client.send(kGet);
  const auto exchange = take();
  exchange->start_stream(text(""));
  std::promise<bool> drained;
  exchange->write(std::string(30000000, 'x'), [&](bool ok) { drained.set_value(ok); });
  client.reset();
  EXPECT_FALSE(drained.get_future().get());
  EXPECT_FALSE(exchange->is_open());
  EXPECT_FALSE(exchange->write("more"));
}

TEST_F(ExchangeTest, ADeadReaderIsCutOffInTheEnd) {
  options_.idle_timeout_ms = 100;
  serve();
  Client client = connect(4096);
  client.send(kGet);
  const auto exchange = take();
  exchange->start_stream(text(""));
  std::promise<bool> drained;
  exchange->write(std::string(30000000, 'x'), [&](bool ok) { drained.set_value(ok); });
  EXPECT_FALSE(drained.get_future().get());
}

TEST_F(ExchangeTest, TellsThatTheClientHungUp) {
  serve();
  Client client = connect();
  client.send(kGet);
  const auto exchange = take();
  std::promise<void> closed;
  exchange->on_close([&] { closed.set_value(); });
  client.reset();
  closed.get_future().get();
  EXPECT_TRUE(exchange->reply(text("to nobody")));
}

TEST_F(ExchangeTest, TellsTheHangUpToWhoAsksLate) {
  serve();
  Client client = connect();
  client.send(kGet);
  const auto exchange = take();
  std::promise<void> first;
  exchange->on_close([&] { first.set_value(); });
  client.reset();
  first.get_future().get();
  std::promise<void> second;
  exchange->on_close([&] { second.set_value(); });
  second.get_future().get();
}

TEST_F(ExchangeTest, CallsLaterOnTheConnectionsThread) {
  serve();
  Client client = connect();
  client.send(kGet);
  auto exchange = take();
  exchange->call_after(std::chrono::milliseconds(1), [exchange] { exchange->reply(text("tick")); });
  EXPECT_EQ(body_of(client.read_answer()), "tick");
}

TEST_F(ExchangeTest, ACancelledCallDoesNotRun) {
  serve();
  Client client = connect();
  client.send(kGet);
  auto exchange = take();
  exchange->post([exchange] {
    const auto call = exchange->call_after(std::chrono::milliseconds(0), [exchange] { exchange->reply(text("no")); });
    call->cancel();
    exchange->call_after(std::chrono::milliseconds(20), [exchange] { exchange->reply(text("yes")); });
  });
  EXPECT_EQ(body_of(client.read_answer()), "yes");
}

TEST_F(ExchangeTest, StaysUsableAfterTheServer) {
  serve();
  Client client = connect();
  client.send(kGet);
  const auto exchange = take();
  server_.reset();
  EXPECT_FALSE(exchange->is_open());
  exchange->reply(text("late"));
  exchange->post([exchange] {});
  exchange->call_after(std::chrono::milliseconds(1), [exchange] {});
}

TEST_F(ExchangeTest, ManyThreadsAnswerManyConnections) {
  options_.threads = 2;
  std::mutex mutex;
  std::vector<std::jthread> threads;
  handler_ = [&](std::shared_ptr<Exchange> exchange) {
    const std::lock_guard lock(mutex);
    threads.emplace_back([exchange = std::move(exchange)] { exchange->reply(text(exchange->request().target)); });
  };
  serve();
  std::vector<Client> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(connect());
  for (Client& client : clients)
    for (int i = 0; i < 5; ++i) client.send("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n");
  for (Client& client : clients)
    for (int i = 0; i < 5; ++i) EXPECT_EQ(body_of(client.read_answer()), "/" + std::to_string(i));
  server_->stop();
}

}  // namespace
}  // namespace daybook::api::test
