#include <fstream>
#include <iterator>

#include "tests/api/server/serving.h"

namespace daybook::api::test {
namespace {

const std::string kChunked = "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

class BodyTest : public Serving {
 protected:
  // Spools everything and answers with the size that the file has and what it begins with.
  void spool(std::optional<std::uint64_t> limit = {}) {
    options_.spool_directory = std::filesystem::temp_directory_path() /
                               ("daybook-spool-" + std::to_string(reinterpret_cast<std::uintptr_t>(this)));
    policy_ = [limit](const Request&) { return BodyRule::in_file(limit); };
    handler_ = [](const std::shared_ptr<Exchange>& exchange) {
      std::ifstream file(exchange->request().body_file);
      const std::string content{std::istreambuf_iterator<char>(file), {}};
      exchange->reply(text(std::to_string(content.size()) + content.substr(0, 5) + exchange->request().body));
    };
  }

  bool spool_is_empty() const { return std::filesystem::is_empty(options_.spool_directory); }
};

TEST_F(BodyTest, ContinuesAClientThatWaits) {
  serve();
  Client client = connect();
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hello");
  EXPECT_EQ(body_of(client.read_answer()), "POST /a hello");
}

TEST_F(BodyTest, DoesNotContinueWhatThePolicyRefuses) {
  policy_ = [](const Request&) { return BodyRule::refused(write_plain_problem(401, "unauthenticated", "No.")); };
  serve();
  Client client = connect();
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  const std::string answer = client.read_answer();
  EXPECT_EQ(status_of(answer), 401);
  EXPECT_TRUE(answer.contains("Connection: close\r\n"));
  EXPECT_TRUE(targets().empty());
}

TEST_F(BodyTest, TheClientReadsARefusalThoughItSendsOn) {
  policy_ = [](const Request&) { return BodyRule::refused(write_plain_problem(404, "not_found", "No.")); };
  serve();
  Client client = connect();
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\n");
  EXPECT_TRUE(client.send(std::string(4000000, 'x')));
  EXPECT_EQ(status_of(client.read_answer()), 404);
}

TEST_F(BodyTest, DoesNotAskThePolicyWithoutABody) {
  policy_ = [](const Request&) { return BodyRule::refused(write_plain_problem(404, "not_found", "No.")); };
  serve();
  Client client = connect();
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(status_of(client.read_answer()), 200);
}

TEST_F(BodyTest, APolicyThatThrowsIs500) {
  policy_ = [](const Request&) -> BodyRule { throw std::runtime_error("no disk"); };
  serve();
  Client client = connect();
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(status_of(client.read_to_end()), 500);
  EXPECT_EQ(log(), std::vector<std::string>{"the body policy threw: no disk"});
}

TEST_F(BodyTest, TakesABodyOfExactlyTheLimit) {
  options_.body_limit_bytes = 5;
  serve();
  Client client = connect();
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(body_of(client.read_answer()), "POST /a hello");
  client.send(kChunked + "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n");
  EXPECT_EQ(body_of(client.read_answer()), "POST /a hello");
}

TEST_F(BodyTest, RefusesChunksThatAddUpToMore) {
  options_.body_limit_bytes = 5;
  serve();
  Client client = connect();
  client.send(kChunked + "3\r\nhel\r\n3\r\nlo!\r\n0\r\n\r\n");
  EXPECT_EQ(status_of(client.read_to_end()), 413);
  EXPECT_TRUE(targets().empty());
}

TEST_F(BodyTest, TheRulesLimitGoesBeforeTheOption) {
  policy_ = [](const Request&) { return BodyRule::in_memory(2); };
  serve();
  Client client = connect();
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_EQ(status_of(client.read_to_end()), 413);
}

TEST_F(BodyTest, RefusesAnEndlessChunkExtension) {
  serve();
  Client client = connect();
  client.send(kChunked + "1;" + std::string(20000, 'x'));
  EXPECT_EQ(status_of(client.read_to_end()), 400);
}

TEST_F(BodyTest, RefusesExtensionsThatOutweighTheBody) {
  serve();
  Client client = connect();
  std::string bytes = kChunked;
  for (int i = 0; i < 40; ++i) bytes += "1;" + std::string(4000, 'x') + "\r\na\r\n";
  client.send(bytes);
  EXPECT_EQ(status_of(client.read_to_end()), 400);
}

TEST_F(BodyTest, TakesChunksOfOneByte) {
  serve();
  Client client = connect();
  std::string bytes = kChunked;
  for (int i = 0; i < 50000; ++i) bytes += "1\r\na\r\n";
  client.send(bytes + "0\r\n\r\n");
  EXPECT_EQ(body_of(client.read_answer()), "POST /a " + std::string(50000, 'a'));
}

TEST_F(BodyTest, SpoolsToAFileThatGoesWithTheExchange) {
  spool();
  serve();
  Client client = connect();
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3000000\r\n\r\nhello" +
              std::string(2999995, 'x'));
  EXPECT_EQ(body_of(client.read_to_end()), "3000000hello");
  server_->stop();
  EXPECT_TRUE(spool_is_empty());
}

TEST_F(BodyTest, SpoolsChunks) {
  spool();
  serve();
  Client client = connect();
  client.send(kChunked + "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n");
  EXPECT_EQ(body_of(client.read_answer()), "6hello");
}

TEST_F(BodyTest, ASpooledFileHasItsOwnLimit) {
  spool(4);
  serve();
  Client client = connect();
  client.send(kChunked + "5\r\nhello\r\n0\r\n\r\n");
  EXPECT_EQ(status_of(client.read_to_end()), 413);
  server_->stop();
  EXPECT_TRUE(spool_is_empty());
}

TEST_F(BodyTest, AnUploadCutOffLeavesNoFile) {
  spool();
  serve();
  Client client = connect();
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello");
  client.end_output();
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(spool_is_empty());
  EXPECT_TRUE(targets().empty());
}

TEST_F(BodyTest, AHandlerMayMoveTheFileAway) {
  spool();
  handler_ = [this](const std::shared_ptr<Exchange>& exchange) {
    std::filesystem::rename(exchange->request().body_file, options_.spool_directory / "kept");
    exchange->reply(text("moved"));
  };
  serve();
  Client client = connect();
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(body_of(client.read_answer()), "moved");
  server_->stop();
  EXPECT_EQ(std::filesystem::file_size(options_.spool_directory / "kept"), 5U);
}

TEST_F(BodyTest, NoRoomToSpoolIs507) {
  spool();
  options_.spool_directory = "/dev/null/spool";
  serve();
  Client client = connect();
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(status_of(client.read_to_end()), 507);
  options_.spool_directory.clear();
}

}  // namespace
}  // namespace daybook::api::test
