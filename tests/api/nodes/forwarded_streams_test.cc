#include "tests/api/nodes/forwarding.h"

namespace daybook::api::test {
namespace {

Response events() {
  Response head;
  head.set_header("Content-Type", "text/event-stream");
  return head;
}

class ForwardedStreams : public ForwardingToServer {
 protected:
  // A client that has read the first chunk of a stream, and the owner's end of it.
  Client stream(Response head, const std::string& line = "GET /a") {
    hold_at_owner();
    Client client = forwarding_client();
    client.send(request(line));
    at_owner_ = wait_for(held_);
    at_owner_->start_stream(std::move(head));
    at_owner_->write("one");
    client.read_until("one\r\n");
    return client;
  }

  // Fulfilled when the owner learns that the transfer has ended.
  std::future<void> end_at_owner() {
    at_owner_->on_close([this] { closed_.set_value(); });
    return closed_.get_future();
  }

  std::shared_ptr<Exchange> at_owner_;
  std::promise<void> closed_;
};

TEST_F(ForwardedStreams, AreRelayedAsTheyCome) {
  Client client = stream(events());
  at_owner_->write("two");
  EXPECT_EQ(client.read_until("two\r\n"), "3\r\ntwo\r\n");
  at_owner_->write("three");
  at_owner_->finish();
  EXPECT_EQ(client.read_until("0\r\n\r\n"), "5\r\nthree\r\n0\r\n\r\n");
}

TEST_F(ForwardedStreams, HaveTheirFieldsAndTellTheirStatus) {
  std::promise<unsigned> told;
  template_.answered = [&](unsigned status) { told.set_value(status); };
  template_.before_answer = [](const Response&, const Forward::Relay&) { FAIL() << "a stream is not held up"; };
  hold_at_owner();
  Client client = forwarding_client();
  client.send(request("GET /a"));
  const auto exchange = wait_for(held_);
  exchange->start_stream(events());
  const std::string head = client.read_until("\r\n\r\n");
  EXPECT_TRUE(head.contains("Content-Type: text/event-stream\r\n"));
  EXPECT_TRUE(head.contains("Transfer-Encoding: chunked\r\n"));
  EXPECT_EQ(told.get_future().get(), 200U);
  exchange->finish();
}

TEST_F(ForwardedStreams, LeaveTheConnectionsUsable) {
  Client client = stream(events());
  at_owner_->finish();
  client.read_until("0\r\n\r\n");
  held_ = {};
  client.send(request("GET /b"));
  wait_for(held_)->reply(text("next"));
  EXPECT_EQ(body_of(client.read_answer()), "next");
  EXPECT_EQ(owner_->connections(), 1U);
}

TEST_F(ForwardedStreams, HeadOfOneIsItsHeaderAlone) {
  owner_handler_ = [](const std::shared_ptr<Exchange>& exchange) {
    exchange->start_stream(events());
    exchange->finish();
  };
  Client client = forwarding_client();
  client.send(request("HEAD /a"));
  EXPECT_EQ(status_of(client.read_answer(true)), 200);
  client.send(request("GET /a"));
  EXPECT_EQ(client.read_until("0\r\n\r\n").substr(0, 15), "HTTP/1.1 200 OK");
}

TEST_F(ForwardedStreams, CutOffByTheOwnerAreNotWhole) {
  Client client = stream(text(""));
  at_owner_.reset();
  held_ = {};
  EXPECT_FALSE(client.read_to_end().contains("0\r\n\r\n"));
}

TEST_F(ForwardedStreams, OfEventsEndAtTheOwnerWhenTheClientSendsNoMore) {
  Client client = stream(events());
  const auto end = end_at_owner();
  client.end_output();
  end.wait();
}

TEST_F(ForwardedStreams, EndAtTheOwnerWhenTheClientIsGone) {
  Client client = stream(text(""));
  const auto end = end_at_owner();
  client.reset();
  end.wait();
}

TEST_F(ForwardedStreams, OfCommandsEndAtTheOwnerWhenTheClientIsGone) {
  Client client = stream(text(""), "POST /a");
  const auto end = end_at_owner();
  client.reset();
  end.wait();
}

TEST_F(ForwardedStreams, WithAnEndGoOnForWhoOnlySendsNoMore) {
  Client client = stream(text(""));
  client.end_output();
  at_owner_->write("two");
  at_owner_->finish();
  EXPECT_EQ(client.read_to_end(), "3\r\ntwo\r\n0\r\n\r\n");
}

TEST_F(ForwardedStreams, OfAnySizeReachASlowReaderWhole) {
  forwarder_options_.stream_window_bytes = 50000;
  std::string body;
  for (int i = 0; body.size() < 20000000; ++i) body += std::to_string(i) + ",";
  owner_handler_ = [&](const std::shared_ptr<Exchange>& exchange) { exchange->reply(text(body)); };
  Client client = forwarding_client(4096);
  client.send(request("GET /a", "Connection: close\r\n"));
  std::string got;
  for (std::string bytes; !(bytes = client.read_some(65536)).empty();) got += bytes;
  const std::string chunks = body_of(got);
  std::string whole;
  for (std::size_t at = 0; at < chunks.size();) {
    const std::size_t size = std::stoul(chunks.substr(at, 10), nullptr, 16);
    const std::size_t begin = chunks.find("\r\n", at) + 2;
    whole += chunks.substr(begin, size);
    at = begin + size + 2;
  }
  EXPECT_TRUE(whole == body);  // not shown where it differs
  EXPECT_TRUE(got.ends_with("\r\n0\r\n\r\n"));
}

TEST_F(ForwardedStreams, OfSeveralClientsDoNotWaitForEachOther) {
  Client slow = stream(text(""));
  const auto source = at_owner_;
  while (source->write(std::string(100000, 'x'))) continue;
  owner_handler_ = [](const std::shared_ptr<Exchange>& exchange) { exchange->reply(text("quick")); };
  EXPECT_EQ(body_of(ask(request("GET /b"))), "quick");
  source->finish();
}

TEST_F(ForwardedStreams, OfEventsEndWhenTheForwarderStops) {
  Client client = stream(events());
  forwarder_->stop();
  EXPECT_EQ(client.read_until("0\r\n\r\n"), "0\r\n\r\n");
}

TEST_F(ForwardedStreams, WithAnEndAreCutOffWhenTheForwarderStops) {
  Client client = stream(text(""));
  forwarder_->stop();
  EXPECT_EQ(client.read_to_end(), "");
}

}  // namespace
}  // namespace daybook::api::test
