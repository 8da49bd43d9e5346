#include "api/server/answer.h"

#include <gtest/gtest.h>

namespace daybook::api {
namespace {

Response json(std::size_t size) {
  Response response;
  response.set_header("Content-Type", "application/json");
  response.body = std::string(size, 'a');
  return response;
}

TEST(Answer, IsOnePieceWhenSmall) {
  const auto answer = encode_answer(json(2), {});
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->pieces.size(), 1U);
  EXPECT_EQ(answer->pieces[0], "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\naa");
}

TEST(Answer, HeadHasTheLengthOfTheGetAnswerAlone) {
  const auto answer = encode_answer(json(20000), {.without_body = true});
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->pieces.size(), 1U);
  EXPECT_TRUE(answer->pieces[0].contains("Content-Length: 20000\r\n"));
}

TEST(Answer, HeadHasTheLengthThatItsHandlerKnows) {
  Response response = json(0);
  response.set_header("Content-Length", "20000");
  EXPECT_TRUE(encode_answer(response, {.without_body = true})->pieces[0].contains("Content-Length: 20000\r\n"));
  EXPECT_TRUE(encode_answer(response, {})->pieces[0].contains("Content-Length: 0\r\n"));
}

TEST(Answer, VariesOnce) {
  Response response = json(2000);
  response.set_header("Vary", "Accept-Encoding");
  EXPECT_TRUE(encode_answer(response, {})->pieces[0].contains("Vary: Accept-Encoding\r\n"));
}

TEST(Answer, GzipsMoreThanAKilobyteForWhoAccepts) {
  const auto answer = encode_answer(json(2000), {.gzip = true});
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->pieces[0].contains("Content-Encoding: gzip\r\n"));
  EXPECT_TRUE(answer->pieces[0].contains("Vary: Accept-Encoding\r\n"));
  EXPECT_LT(answer->pieces[0].size(), 400U);
}

TEST(Answer, VariesEvenWhenTheClientDoesNotAccept) {
  Response response = json(2000);
  response.set_header("Vary", "Origin");
  EXPECT_TRUE(encode_answer(response, {})->pieces[0].contains("Vary: Origin, Accept-Encoding\r\n"));
}

TEST(Answer, LeavesAKilobyteAlone) {
  EXPECT_FALSE(encode_answer(json(1024), {.gzip = true})->pieces[0].contains("gzip"));
}

TEST(Answer, LeavesPicturesAlone) {
  Response response = json(2000);
  response.set_header("Content-Type", "image/png");
  EXPECT_FALSE(encode_answer(response, {.gzip = true})->pieces[0].contains("gzip"));
}

TEST(Answer, NoContentHasNoLength) {
  Response response;
  response.status = 204;
  EXPECT_EQ(encode_answer(response, {})->pieces[0], "HTTP/1.1 204 No Content\r\n\r\n");
}

TEST(Answer, RefusesALineEndInAField) {
  Response response = json(1);
  response.set_header("Location", "/a\r\nSet-Cookie: b");
  EXPECT_FALSE(encode_answer(response, {}));
}

TEST(Answer, WritesTheFramingItselfWhateverTheHandlerSays) {
  Response response = json(1);
  response.set_header("Content-Length", "7");
  response.set_header("Transfer-Encoding", "chunked");
  EXPECT_EQ(encode_answer(response, {})->pieces[0],
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\na");
}

TEST(Answer, ObeysAHandlerThatCloses) {
  Response response = json(1);
  response.set_header("Connection", "close");
  const auto answer = encode_answer(response, {});
  EXPECT_FALSE(answer->keep_alive);
  EXPECT_TRUE(answer->pieces[0].contains("Connection: close\r\n"));
}

TEST(Answer, AChunkIsNeverTheLastByAccident) {
  EXPECT_EQ(encode_chunk(""), "");
  EXPECT_EQ(encode_chunk(std::string(17, 'x')), "11\r\n" + std::string(17, 'x') + "\r\n");
}

}  // namespace
}  // namespace daybook::api
