#include <atomic>
#include <chrono>
#include <future>

#include "tests/api/nodes/forwarding.h"
#include "tests/api/nodes/raw_owner.h"

namespace daybook::api::test {
namespace {

const std::string kGet = request("GET /a?secret");
const std::string kPost = request("POST /a", "", "{}");
const std::string kDone = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone";

bool is_unavailable(const std::string& answer) {
  return status_of(answer) == 503 && answer.contains("\"code\":\"unavailable\"") &&
         answer.contains("Retry-After: 1\r\n") && answer.contains("Content-Type: application/problem+json\r\n");
}

bool is_unknown(const std::string& answer) {
  return status_of(answer) == 503 && answer.contains("\"code\":\"outcome_unknown\"");
}

// The test plays the owner.
class ForwarderFailures : public Forwarding {
 protected:
  ForwarderFailures() { owner_url_ = owner_.url(); }

  // A client whose request has arrived whole on the connection of the owner that is given.
  Client send(const std::string& bytes) {
    Client client = forwarding_client();
    client.send(bytes);
    return client;
  }
  static std::string take_post(Client& at_owner) { return at_owner.read_until("{}"); }
  static std::string take_get(Client& at_owner) { return at_owner.read_until("\r\n\r\n"); }

  // Makes a connection that the forwarder keeps: the owner's end.
  Client kept_connection() {
    Client client = send(kPost);
    Client at_owner = owner_.accept();
    take_post(at_owner);
    at_owner.send(kDone);
    EXPECT_EQ(body_of(client.read_answer()), "done");
    return at_owner;
  }

  // What came on connections that were not accepted yet, once the forwarder is gone.
  std::string arrived_elsewhere() {
    forwarder_.reset();
    std::string bytes;
    while (owner_.was_called_again()) bytes += owner_.accept().read_to_end();
    return bytes;
  }

  RawOwner owner_;
};

// Nobody listens on port 1.
TEST_F(ForwarderFailures, AnOwnerThatDoesNotListenIsUnavailable) {
  owner_url_ = "http://127.0.0.1:1";
  template_.request_id = "r1";
  const std::string answer = ask(kPost);
  EXPECT_TRUE(is_unavailable(answer)) << answer;
  EXPECT_TRUE(answer.contains("X-Request-Id: r1\r\n"));
  EXPECT_TRUE(answer.contains("\"request_id\":\"r1\""));
  EXPECT_TRUE(answer.contains("\"instance\":\"/a\""));
  EXPECT_TRUE(is_unavailable(ask(kGet)));
}

TEST_F(ForwarderFailures, AreLoggedOnceUntilTheOwnerAnswers) {
  owner_url_ = "http://127.0.0.1:1";
  ask(kGet);
  ask(kPost);
  ASSERT_EQ(log().size(), 1U);
  EXPECT_TRUE(log()[0].starts_with("GET /a to http://127.0.0.1:1: ")) << log()[0];
}

TEST_F(ForwarderFailures, AUrlThatIsNoneIsUnavailable) {
  owner_url_ = "ftp://127.0.0.1";
  EXPECT_TRUE(is_unavailable(ask(kPost)));
}

TEST_F(ForwarderFailures, ABodyThatIsGoneIsUnavailableAndLogged) {
  options_.spool_directory = std::filesystem::temp_directory_path() /
                             ("daybook-gone-" + std::to_string(reinterpret_cast<std::uintptr_t>(this)));
  policy_ = [](const Request&) { return BodyRule::in_file(); };
  handler_ = [inner = handler_](std::shared_ptr<Exchange> exchange) {
    std::filesystem::remove(exchange->request().body_file);
    inner(std::move(exchange));
  };
  EXPECT_TRUE(is_unavailable(ask(kPost)));
  ASSERT_EQ(log().size(), 1U);
  EXPECT_TRUE(log()[0].contains("upload-")) << log()[0];
}

TEST_F(ForwarderFailures, ACommandThatArrivedAndWasNotAnsweredIsUnknown) {
  Client client = send(kPost);
  {
    Client at_owner = owner_.accept();
    EXPECT_TRUE(take_post(at_owner).starts_with("POST /a HTTP/1.1\r\n"));
  }
  EXPECT_TRUE(is_unknown(client.read_answer()));
  EXPECT_EQ(arrived_elsewhere(), "");
}

TEST_F(ForwarderFailures, AReadThatWasNotAnsweredIsUnavailable) {
  Client client = send(kGet);
  {
    Client at_owner = owner_.accept();
    take_get(at_owner);
  }
  EXPECT_TRUE(is_unavailable(client.read_answer()));
}

TEST_F(ForwarderFailures, AnAnswerThatBreaksOffIsUnknown) {
  Client client = send(kPost);
  {
    Client at_owner = owner_.accept();
    take_post(at_owner);
    at_owner.send("HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\nhal");
  }
  EXPECT_TRUE(is_unknown(client.read_answer()));
  EXPECT_EQ(arrived_elsewhere(), "");
}

TEST_F(ForwarderFailures, AnAnswerThatIsNoHttpIsUnknown) {
  Client client = send(kPost);
  Client at_owner = owner_.accept();
  take_post(at_owner);
  at_owner.send("hello\r\n\r\n");
  EXPECT_TRUE(is_unknown(client.read_answer()));
}

TEST_F(ForwarderFailures, AnEndlessHeaderIsUnknown) {
  Client client = send(kPost);
  Client at_owner = owner_.accept();
  take_post(at_owner);
  at_owner.send("HTTP/1.1 200 OK\r\n");
  for (int i = 0; i < 100; ++i) at_owner.send("X-Long: " + std::string(1000, 'a') + "\r\n");
  EXPECT_TRUE(is_unknown(client.read_answer()));
}

TEST_F(ForwarderFailures, SilenceOfTheOwnerEnds) {
  forwarder_options_.silence_timeout = std::chrono::seconds(1);
  Client command = send(kPost);
  Client at_owner = owner_.accept();
  Client read = send(kGet);
  Client second = owner_.accept();
  EXPECT_TRUE(is_unknown(command.read_answer()));
  EXPECT_TRUE(is_unavailable(read.read_answer()));
}

TEST_F(ForwarderFailures, AnOwnerThatSleepsIsLeftOnceItWasReplaced) {
  std::atomic<bool> is_owner = true;
  forwarder_options_.former_owner_timeout = std::chrono::milliseconds(1);
  template_.is_owner_still = [&is_owner] { return is_owner.load(); };
  Client command = send(kPost);
  Client at_owner = owner_.accept();
  Client read = send(kGet);
  Client second = owner_.accept();
  is_owner = false;
  EXPECT_TRUE(is_unknown(command.read_answer()));
  EXPECT_TRUE(is_unavailable(read.read_answer()));
  EXPECT_EQ(log().size(), 1U);
}

TEST_F(ForwarderFailures, AFormerOwnerThatAnswersInTimeIsHeard) {
  forwarder_options_.former_owner_timeout = std::chrono::hours(1);
  std::promise<void> asked_twice;
  template_.is_owner_still = [&asked_twice, times = 0]() mutable {
    if (++times == 2) asked_twice.set_value();
    return false;
  };
  Client client = send(kPost);
  Client at_owner = owner_.accept();
  take_post(at_owner);
  asked_twice.get_future().wait();
  at_owner.send(kDone);
  EXPECT_EQ(body_of(client.read_answer()), "done");
}

TEST_F(ForwarderFailures, InterimAnswersAreNotRelayed) {
  Client client = send(kPost);
  Client at_owner = owner_.accept();
  take_post(at_owner);
  at_owner.send("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + kDone);
  const std::string answer = client.read_answer();
  EXPECT_EQ(body_of(answer), "done");
  EXPECT_FALSE(answer.contains("Link"));
}

TEST_F(ForwarderFailures, ACommandIsNotSentAgainWhenAKeptConnectionDies) {
  std::string second;
  Client client = [&] {
    Client at_owner = kept_connection();
    Client sender = send(kPost);
    second = take_post(at_owner);
    return sender;
  }();
  EXPECT_TRUE(second.starts_with("POST /a HTTP/1.1\r\n"));
  EXPECT_TRUE(is_unknown(client.read_answer()));
  EXPECT_EQ(arrived_elsewhere(), "");
}

TEST_F(ForwarderFailures, AReadIsSentAgainWhenAKeptConnectionDies) {
  Client client = [&] {
    Client at_owner = kept_connection();
    Client sender = send(kGet);
    take_get(at_owner);
    return sender;
  }();
  Client at_owner = owner_.accept();
  EXPECT_TRUE(take_get(at_owner).starts_with("GET /a?secret HTTP/1.1\r\n"));
  at_owner.send(kDone);
  EXPECT_EQ(body_of(client.read_answer()), "done");
}

TEST_F(ForwarderFailures, AConnectionThatTheOwnerClosedIsNotUsed) {
  {
    const Client closed = kept_connection();
  }
  Client client = send(kPost);
  Client at_owner = owner_.accept();
  take_post(at_owner);
  at_owner.send(kDone);
  EXPECT_EQ(body_of(client.read_answer()), "done");
}

TEST_F(ForwarderFailures, ACommandRunsToItsAnswerThoughTheClientIsGone) {
  std::promise<unsigned> told;
  template_.answered = [&](unsigned status) { told.set_value(status); };
  Client client = send(kPost);
  Client at_owner = owner_.accept();
  take_post(at_owner);
  client.reset();
  while (server_->connections() > 0) std::this_thread::yield();
  at_owner.send(kDone);
  EXPECT_EQ(told.get_future().get(), 200U);
}

TEST_F(ForwarderFailures, AReadIsGivenUpWhenTheClientIsGone) {
  Client client = send(kGet);
  Client at_owner = owner_.accept();
  take_get(at_owner);
  client.reset();
  EXPECT_EQ(at_owner.read_to_end(), "");
  EXPECT_TRUE(log().empty());
}

TEST_F(ForwarderFailures, StopAnswersWhatIsUnderWay) {
  Client command = send(kPost);
  Client first = owner_.accept();
  take_post(first);
  Client read = send(kGet);
  Client second = owner_.accept();
  take_get(second);
  forwarder_->stop();
  EXPECT_TRUE(is_unknown(command.read_answer()));
  EXPECT_TRUE(is_unavailable(read.read_answer()));
  EXPECT_TRUE(is_unavailable(ask(kPost)));
  EXPECT_FALSE(owner_.was_called_again());
}

TEST_F(ForwarderFailures, OneOwnerThatIsFullLeavesRoomForOthers) {
  forwarder_options_.max_under_way = 1;
  Client first = send(kPost);
  Client at_owner = owner_.accept();
  RawOwner other;
  owner_url_ = other.url();
  Client second = send(kPost);
  Client at_other = other.accept();
  take_post(at_other);
  at_other.send(kDone);
  EXPECT_EQ(body_of(second.read_answer()), "done");
}

TEST_F(ForwarderFailures, MoreThanMayBeUnderWayAreRefused) {
  forwarder_options_.max_under_way = 1;
  Client first = send(kPost);
  Client at_owner = owner_.accept();
  take_post(at_owner);
  EXPECT_TRUE(is_unavailable(ask(kPost)));
  EXPECT_FALSE(owner_.was_called_again());
  at_owner.send(kDone);
  EXPECT_EQ(body_of(first.read_answer()), "done");
}

}  // namespace
}  // namespace daybook::api::test
