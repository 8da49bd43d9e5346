#include "api/nodes/forwarder.h"

#include "tests/api/nodes/forwarding.h"

namespace daybook::api::test {
namespace {

class ForwarderTest : public ForwardingToServer {
 protected:
  // The owner answers what it was sent: one line a field.
  void owner_shows_fields() {
    owner_handler_ = [](const std::shared_ptr<Exchange>& exchange) {
      std::string lines = "\n";
      for (const auto& [name, value] : exchange->request().headers) lines += name + ": " + value + "\n";
      exchange->reply(text(lines));
    };
  }

  void owner_answers(unsigned status, const std::string& body) {
    owner_handler_ = [status, body](const std::shared_ptr<Exchange>& exchange) {
      Response response = text(body);
      response.status = status;
      response.set_header("Location", "/elsewhere");
      response.set_header("Daybook-Position", "7");
      exchange->reply(response);
    };
  }

  // `bytes` twice, with HEAD and GET: what stands after the status line, without the body.
  std::pair<std::string, std::string> head_and_get(const std::string& fields) {
    Client client = forwarding_client();
    client.send(request("HEAD /a", fields));
    const std::string head = client.read_answer(true);
    client.send(request("GET /a", fields));
    const std::string get = client.read_answer();
    return {head, get.substr(0, get.find("\r\n\r\n") + 4)};
  }
};

TEST_F(ForwarderTest, RelaysTheRequestAndItsAnswer) {
  const std::string answer = ask(request("POST /v1/tags?dry_run=true&&x=%2F//", "", "{\"name\":\"a\"}"));
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_EQ(body_of(answer), "POST /v1/tags?dry_run=true&&x=%2F// {\"name\":\"a\"}");
  EXPECT_TRUE(answer.contains("Content-Type: text/plain\r\n"));
}

TEST_F(ForwarderTest, RelaysEveryMethod) {
  EXPECT_EQ(body_of(ask(request("GET /a"))), "GET /a ");
  EXPECT_EQ(body_of(ask(request("POST /a"))), "POST /a ");
  EXPECT_EQ(body_of(ask(request("PUT /a", "", "b"))), "PUT /a b");
  EXPECT_EQ(body_of(ask(request("PATCH /a", "", "b"))), "PATCH /a b");
  EXPECT_EQ(body_of(ask(request("DELETE /a"))), "DELETE /a ");
  EXPECT_EQ(body_of(ask(request("OPTIONS /a"))), "OPTIONS /a ");
  EXPECT_EQ(body_of(ask(request("GET /a", "", "b"))), "GET /a b");
}

TEST_F(ForwarderTest, RelaysABodyThatIsNoText) {
  const std::string body("a\0b\r\n", 5);
  EXPECT_EQ(body_of(ask(request("POST /a", "", body))), "POST /a " + body);
}

TEST_F(ForwarderTest, SendsTheClientsFieldsAndNoOthers) {
  owner_shows_fields();
  const std::string fields = body_of(ask(request(
      "POST /a", "Authorization: Bearer k\r\nIdempotency-Key: i\r\nX-Empty:\r\nTE: trailers\r\nAccept-Encoding: br\r\n",
      "{}")));
  const std::string host = owner_url_.substr(std::string("http://").size());
  EXPECT_EQ(fields, "\nHost: " + host +
                        "\nAuthorization: Bearer k\nIdempotency-Key: i\nX-Empty: \n"
                        "Daybook-Forwarded-By: http://edge.test:1\nContent-Length: 2\n");
}

TEST_F(ForwarderTest, SetsTheFieldsOfTheForwardInPlaceOfTheClients) {
  owner_shows_fields();
  template_.headers = {{"X-Request-Id", "ours"}};
  const std::string fields =
      body_of(ask(request("GET /a", "X-Request-Id: theirs\r\nDaybook-Forwarded-By: http://liar.test\r\n")));
  EXPECT_TRUE(fields.contains("\nX-Request-Id: ours\n"));
  EXPECT_TRUE(fields.contains("\nDaybook-Forwarded-By: http://edge.test:1\n"));
  EXPECT_FALSE(fields.contains("theirs"));
  EXPECT_FALSE(fields.contains("liar"));
}

TEST_F(ForwarderTest, RelaysARefusal) {
  owner_answers(409, "taken");
  const std::string answer = ask(request("POST /a", "", "{}"));
  EXPECT_EQ(status_of(answer), 409);
  EXPECT_EQ(body_of(answer), "taken");
  EXPECT_TRUE(answer.contains("Daybook-Position: 7\r\n"));
}

TEST_F(ForwarderTest, DoesNotFollowARedirect) {
  owner_answers(307, "");
  const std::string answer = ask(request("GET /a"));
  EXPECT_EQ(status_of(answer), 307);
  EXPECT_TRUE(answer.contains("Location: /elsewhere\r\n"));
}

TEST_F(ForwarderTest, RelaysAnswersWithoutABody) {
  owner_answers(204, "");
  const std::string deleted = ask(request("DELETE /a"));
  EXPECT_EQ(status_of(deleted), 204);
  EXPECT_FALSE(deleted.contains("Content-Length"));
  owner_answers(304, "");
  EXPECT_EQ(status_of(ask(request("GET /a"))), 304);
}

TEST_F(ForwarderTest, HeadHasTheFieldsOfGet) {
  owner_answers(200, std::string(3000000, 'a'));
  const auto [head, get] = head_and_get("");
  EXPECT_TRUE(head.contains("Content-Length: 3000000\r\n"));
  EXPECT_EQ(status_of(get), 200);
}

TEST_F(ForwarderTest, HeadHasTheFieldsOfGetWhenItIsCompressed) {
  owner_answers(200, std::string(2000, 'a'));
  const auto [head, get] = head_and_get("Accept-Encoding: gzip\r\n");
  EXPECT_TRUE(head.contains("Content-Encoding: gzip\r\n"));
  EXPECT_TRUE(get.contains("Content-Encoding: gzip\r\n"));
  const auto length = [](const std::string& header) { return header.substr(header.find("Content-Length"), 20); };
  EXPECT_EQ(length(head), length(get));
}

TEST_F(ForwarderTest, TheEdgeCompressesForItsClient) {
  owner_answers(200, std::string(2000, 'a'));
  const std::string answer = ask(request("GET /a", "Accept-Encoding: gzip\r\n"));
  EXPECT_TRUE(answer.contains("Content-Encoding: gzip\r\n"));
  EXPECT_TRUE(answer.contains("Vary: Accept-Encoding\r\n"));
  EXPECT_LT(body_of(answer).size(), 200U);
}

TEST_F(ForwarderTest, RelaysAnUploadFromItsFile) {
  options_.spool_directory = std::filesystem::temp_directory_path() /
                             ("daybook-forwarded-" + std::to_string(reinterpret_cast<std::uintptr_t>(this)));
  policy_ = [](const Request&) { return BodyRule::in_file(); };
  owner_policy_ = [](const Request&) { return BodyRule::in_memory(10000000); };
  const std::string body = std::string(2000000, 'a') + std::string(2000000, 'b');
  owner_handler_ = [&](const std::shared_ptr<Exchange>& exchange) {
    exchange->reply(text(exchange->request().body == body ? "the same" : "another"));
  };
  EXPECT_EQ(body_of(ask(request("POST /a", "", body))), "the same");
}

TEST_F(ForwarderTest, RelaysTheRefusalOfAnUploadThatIsNotRead) {
  options_.body_limit_bytes = 10000000;
  owner_policy_ = [](const Request&) { return BodyRule::refused(write_plain_problem(401, "unauthenticated", "No.")); };
  EXPECT_EQ(status_of(ask(request("POST /a", "", std::string(8000000, 'a')))), 401);
}

TEST_F(ForwarderTest, UsesAConnectionAgain) {
  EXPECT_EQ(status_of(ask(request("POST /a", "", "1"))), 200);
  EXPECT_EQ(status_of(ask(request("GET /a"))), 200);
  EXPECT_EQ(status_of(ask(request("POST /a", "", "2"))), 200);
  EXPECT_EQ(owner_->connections(), 1U);
}

TEST_F(ForwarderTest, RelaysManyAtOnce) {
  forwarding_client();
  std::vector<std::future<std::string>> answers;
  for (int i = 0; i < 20; ++i) {
    answers.push_back(
        std::async(std::launch::async, [this, i] { return ask(request("POST /" + std::to_string(i), "", "x")); }));
  }
  for (int i = 0; i < 20; ++i) EXPECT_EQ(body_of(answers[i].get()), "POST /" + std::to_string(i) + " x");
}

TEST_F(ForwarderTest, OneThatIsAnsweredMakesRoom) {
  forwarder_options_.max_under_way = 1;
  EXPECT_EQ(status_of(ask(request("GET /a"))), 200);
  std::string answer;
  do {
    answer = ask(request("GET /a"));
  } while (status_of(answer) == 503);
  EXPECT_EQ(body_of(answer), "GET /a ");
}

TEST_F(ForwarderTest, TellsTheStatus) {
  std::promise<unsigned> told;
  template_.answered = [&](unsigned status) { told.set_value(status); };
  owner_answers(409, "taken");
  ask(request("POST /a", "", "{}"));
  EXPECT_EQ(told.get_future().get(), 409U);
}

TEST_F(ForwarderTest, HoldsAnAnswerUpUntilItMayGo) {
  std::promise<std::pair<Response, Forward::Relay>> held;
  template_.before_answer = [&](Response answer, Forward::Relay relay) {
    held.set_value({std::move(answer), std::move(relay)});
  };
  owner_answers(201, "made");
  Client client = forwarding_client();
  client.send(request("POST /a", "", "{}"));
  auto [answer, relay] = held.get_future().get();
  EXPECT_EQ(answer.header("Daybook-Position"), "7");
  EXPECT_EQ(answer.body, "made");
  forwarder_->stop();
  answer.set_header("X-Held", "yes");
  relay(std::move(answer));
  const std::string relayed = client.read_answer();
  EXPECT_EQ(status_of(relayed), 201);
  EXPECT_TRUE(relayed.contains("X-Held: yes\r\n"));
}

TEST_F(ForwarderTest, ACallbackThatThrowsHarmsItsOwnRequestAlone) {
  template_.before_answer = [](const Response&, const Forward::Relay&) { throw std::runtime_error("broken"); };
  EXPECT_EQ(status_of(ask(request("POST /a", "", "{}"))), 500);
  template_.before_answer = {};
  EXPECT_EQ(status_of(ask(request("POST /a", "", "{}"))), 200);
}

}  // namespace
}  // namespace daybook::api::test
