#include "api/server/gate.h"

#include <gtest/gtest.h>

#include "tests/api/server/gate_cases.h"

namespace daybook::api {
namespace {

TEST(Gate, AdmitsAnOrdinaryRequest) {
  const auto head = admit(
      "GET /v1/contacts?created_at[gte]=2026-01-01&q=a%20b HTTP/1.1\r\nHost: localhost:8080\r\nX-A:  b \r\n\r\n", {});
  ASSERT_TRUE(head) << head.error().detail;
  EXPECT_EQ(head->request.method, "GET");
  EXPECT_EQ(head->request.path, "/v1/contacts");
  EXPECT_EQ(head->request.query, "created_at[gte]=2026-01-01&q=a%20b");
  EXPECT_EQ(head->request.header("x-a"), "b");
  EXPECT_FALSE(head->has_body());
}

TEST(Gate, AdmitsOneChunkedInAnyCase) {
  const auto head = admit("POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: Chunked\r\n\r\n", {});
  ASSERT_TRUE(head);
  EXPECT_TRUE(head->chunked);
}

TEST(Gate, AdmitsHttp10WithoutHost) { EXPECT_TRUE(admit("GET / HTTP/1.0\r\n\r\n", {})); }

TEST(Gate, AdmitsHundredFields) {
  std::string header = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 99; ++i) header += "x: y\r\n";
  EXPECT_TRUE(admit(header + "\r\n", {}));
}

TEST(Gate, AdmitsATargetOf8192Bytes) {
  EXPECT_TRUE(admit("GET /" + std::string(8191, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", {}));
}

TEST(Gate, AdmitsDotsInsideASegmentAndInTheQuery) {
  EXPECT_TRUE(admit("GET /a..b/.well-known/...?p=../x HTTP/1.1\r\nHost: a\r\n\r\n", {}));
}

TEST(Gate, AdmitsAnEncodedLineEndInTheQuery) { EXPECT_TRUE(admit("GET /a?q=b%0Ac HTTP/1.1\r\nHost: a\r\n\r\n", {})); }

TEST(Gate, AdmitsObsTextInAValue) { EXPECT_TRUE(admit("GET / HTTP/1.1\r\nHost: a\r\nx: \xc3\xa4\r\n\r\n", {})); }

TEST(Gate, ReadsTheExpectation) {
  const auto head = admit("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n", {});
  ASSERT_TRUE(head);
  EXPECT_TRUE(head->expects_continue);
  EXPECT_EQ(head->content_length, 1U);
}

TEST(HeaderScan, FindsTheEndComingByteByByte) {
  const std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\n\r\nrest";
  std::size_t resume = 0;
  for (std::size_t size = 1; size < 27; ++size)
    ASSERT_EQ(scan_header(bytes.substr(0, size), resume).state, HeaderScan::State::NeedsMore) << size;
  EXPECT_EQ(scan_header(bytes, resume).size, 27U);
}

TEST(HeaderScan, RefusesABareLfAtOnce) {
  std::size_t resume = 0;
  EXPECT_EQ(scan_header("GET / HTTP/1.1\n", resume).state, HeaderScan::State::Malformed);
}

}  // namespace
}  // namespace daybook::api
