#include "api/server/server.h"

#include "tests/api/server/serving.h"

namespace daybook::api::test {
namespace {

using ServerTest = Serving;

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  serve();
  Client client = connect();
  std::string bytes;
  for (int i = 0; i < 100; ++i)
    bytes += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
  client.send(bytes);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(body_of(client.read_answer()), "POST /" + std::to_string(i) + " abc");
}

TEST_F(ServerTest, HandsOutThePipelinedRequestWhenTheOneBeforeIsAnswered) {
  std::mutex mutex;
  std::vector<std::shared_ptr<Exchange>> held;
  handler_ = [&](std::shared_ptr<Exchange> exchange) {
    const std::lock_guard lock(mutex);
    if (exchange->request().path == "/slow")
      exchange->call_after(std::chrono::milliseconds(30), [exchange] { exchange->reply(text("slow")); });
    else
      exchange->reply(text("fast"));
  };
  serve();
  Client client = connect();
  client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /fast HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(body_of(client.read_answer()), "slow");
  EXPECT_EQ(body_of(client.read_answer()), "fast");
}

TEST_F(ServerTest, AnswersAPipelineThatIsNotReadUntilItsEnd) {
  handler_ = [](const std::shared_ptr<Exchange>& exchange) { exchange->reply(text(std::string(100000, 'x'))); };
  serve();
  Client client = connect(4096);
  std::string bytes;
  for (int i = 0; i < 200; ++i) bytes += "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
  client.send(bytes);
  client.end_output();
  const std::string all = client.read_to_end();
  EXPECT_GT(all.size(), 200U * 100000U);
  EXPECT_EQ(targets().size(), 200U);
}

TEST_F(ServerTest, KeepsTheConnectionForTheNextRequest) {
  serve();
  Client client = connect();
  for (const std::string target : {"/a", "/b", "/c"}) {
    client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(body_of(client.read_answer()), "GET " + target + " ");
  }
  EXPECT_EQ(server_->connections(), 1U);
}

TEST_F(ServerTest, ClosesWhenTheClientAsksForIt) {
  serve();
  Client client = connect();
  client.send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string answer = client.read_to_end();
  EXPECT_TRUE(answer.contains("Connection: close\r\n"));
  EXPECT_EQ(body_of(answer), "GET /a ");
  EXPECT_EQ(targets(), std::vector<std::string>{"/a"});
}

TEST_F(ServerTest, ClosesAfterHttp10) {
  serve();
  Client client = connect();
  client.send("GET /a HTTP/1.0\r\n\r\n");
  EXPECT_EQ(body_of(client.read_to_end()), "GET /a ");
}

TEST_F(ServerTest, KeepsHttp10OnRequest) {
  serve();
  Client client = connect();
  client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(client.read_answer().contains("Connection: keep-alive\r\n"));
  client.send("GET /b HTTP/1.0\r\n\r\n");
  EXPECT_EQ(body_of(client.read_to_end()), "GET /b ");
}

TEST_F(ServerTest, AnswersAClientThatHasStoppedSending) {
  serve();
  Client client = connect();
  client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
  client.end_output();
  EXPECT_EQ(body_of(client.read_to_end()), "GET /a ");
}

TEST_F(ServerTest, HeadIsTheHeaderOfTheGetAnswer) {
  serve();
  Client client = connect();
  client.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string head = client.read_answer(true);
  EXPECT_TRUE(head.contains("Content-Length: 8\r\n")) << head;
  EXPECT_EQ(body_of(client.read_answer()), "GET /b ");
}

TEST_F(ServerTest, GivesThePeersAddress) {
  handler_ = [](const std::shared_ptr<Exchange>& exchange) { exchange->reply(text(exchange->request().peer_address)); };
  serve();
  Client client = connect();
  client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(body_of(client.read_answer()), "127.0.0.1");
}

TEST_F(ServerTest, ServesOnEveryThread) {
  options_.threads = 3;
  serve();
  for (int i = 0; i < 9; ++i) {
    Client client = connect();
    client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(body_of(client.read_answer()), "GET /a ");
  }
}

TEST_F(ServerTest, NamesAnAddressItCannotListenTo) {
  serve();
  options_.port = server_->port();
  Server second(options_, handler_, nullptr);
  try {
    second.start();
    FAIL() << "two servers on one port";
  } catch (const std::runtime_error& error) {
    EXPECT_TRUE(std::string(error.what()).contains(std::to_string(options_.port))) << error.what();
  }
}

}  // namespace
}  // namespace daybook::api::test
