#include "tests/api/server/gate_cases.h"
#include "tests/api/server/serving.h"

namespace daybook::api::test {
namespace {

struct Sent {
  Broken broken;
  std::size_t piece;
};

// Each broken request with a second, whole one behind it: the first is refused, the second is never executed, and the
// connection is closed.
class GateOverTheWire : public Serving, public ::testing::WithParamInterface<Sent> {};

TEST_P(GateOverTheWire, RefusesAndExecutesNothingBehindIt) {
  serve();
  Client client = connect();
  client.send_in_pieces(GetParam().broken.bytes + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n", GetParam().piece);
  client.end_output();
  const std::string answer = client.read_to_end();
  EXPECT_EQ(status_of(answer), GetParam().broken.status) << answer;
  EXPECT_TRUE(answer.contains("Connection: close\r\n"));
  EXPECT_TRUE(answer.contains("Content-Type: application/problem+json\r\n"));
  EXPECT_EQ(answer.find("\r\n\r\n"), answer.rfind("\r\n\r\n")) << "a second answer: " << answer;
  EXPECT_TRUE(targets().empty());
}

std::vector<Sent> all_in_pieces() {
  std::vector<Sent> out;
  for (const Broken& broken : broken_requests())
    for (const std::size_t piece : {std::size_t{1} << 20, std::size_t{7}, std::size_t{1}})
      out.push_back({broken, piece});
  return out;
}

std::string name_of(const ::testing::TestParamInfo<Sent>& test) {
  const std::size_t piece = test.param.piece;
  return test.param.broken.name + (piece == 1 ? "ByBytes" : piece == 7 ? "BySevens" : "Whole");
}

INSTANTIATE_TEST_SUITE_P(Each, GateOverTheWire, ::testing::ValuesIn(all_in_pieces()), name_of);

using GateOverTheWireOnce = Serving;

TEST_F(GateOverTheWireOnce, LetsAGoodRequestThroughByteByByte) {
  serve();
  Client client = connect();
  client.send_in_pieces("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", 1);
  EXPECT_EQ(body_of(client.read_answer()), "POST /a hi");
}

TEST_F(GateOverTheWireOnce, ForgivesOneEmptyLineBeforeARequest) {
  serve();
  Client client = connect();
  client.send("\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(body_of(client.read_answer()), "GET /a ");
}

TEST_F(GateOverTheWireOnce, AnswersTheRequestBeforeTheBrokenOne) {
  serve();
  Client client = connect();
  client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\n\r\nGET /c HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(status_of(client.read_answer()), 200);
  EXPECT_EQ(status_of(client.read_answer()), 400);
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_EQ(targets(), std::vector<std::string>{"/a"});
}

TEST_F(GateOverTheWireOnce, DropsTrailersOfAChunkedBody) {
  serve();
  Client client = connect();
  client.send(
      "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\r\nh\r\n0\r\nHost: b\r\n\r\n"
      "GET /b HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(body_of(client.read_answer()), "POST /a h");
  EXPECT_EQ(body_of(client.read_answer()), "GET /b ");
}

}  // namespace
}  // namespace daybook::api::test
