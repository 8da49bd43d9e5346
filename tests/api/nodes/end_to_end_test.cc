#include "api/nodes/end_to_end.h"

#include <gtest/gtest.h>

namespace daybook::api {
namespace {

const Headers kAuthorized = {{"Authorization", "Bearer a"}};

Request request_with(Headers headers, std::string method = "POST") {
  Request request;
  request.method = std::move(method);
  request.headers = std::move(headers);
  return request;
}

TEST(EndToEnd, KeepsFieldsInTheirOrder) {
  const Headers headers = {{"Accept", "a"}, {"X-B", "1"}, {"Cookie", ""}, {"X-B", "2"}};
  EXPECT_EQ(end_to_end(headers), headers);
}

TEST(EndToEnd, DropsWhatIsAboutTheConnection) {
  EXPECT_EQ(end_to_end({{"connection", "close"},
                        {"Keep-Alive", "timeout=5"},
                        {"TE", "trailers"},
                        {"Trailer", "X-Sum"},
                        {"Transfer-Encoding", "chunked"},
                        {"Upgrade", "websocket"},
                        {"Proxy-Authorization", "Basic a"},
                        {"proxy-connection", "close"},
                        {"Authorization", "Bearer a"}}),
            kAuthorized);
}

TEST(EndToEnd, DropsWhatConnectionNames) {
  EXPECT_EQ(end_to_end({{"x-hop", "1"},
                        {"Connection", "close, X-Hop"},
                        {"X-Other", "2"},
                        {"Connection", "x-other"},
                        {"Authorization", "Bearer a"}}),
            kAuthorized);
}

TEST(ForwardedFields, LeavesOutWhatTheNextConnectionHasForItself) {
  EXPECT_EQ(forwarded_fields(request_with({{"Host", "edge"},
                                           {"Content-Length", "3"},
                                           {"Expect", "100-continue"},
                                           {"Accept-Encoding", "gzip"},
                                           {"Authorization", "Bearer a"}}),
                             {}),
            kAuthorized);
}

TEST(ForwardedFields, LeaveTheEncodingOfHead) {
  const Headers headers = {{"Accept-Encoding", "gzip"}};
  EXPECT_EQ(forwarded_fields(request_with(headers, "HEAD"), {}), headers);
}

TEST(ForwardedFields, TakeThePlaceOfTheRequestsOwn) {
  EXPECT_EQ(
      forwarded_fields(request_with({{"x-request-id", "1"}, {"Authorization", "Bearer a"}, {"X-Request-Id", "2"}}),
                       {{"X-Request-Id", "3"}}),
      (Headers{{"Authorization", "Bearer a"}, {"X-Request-Id", "3"}}));
}

}  // namespace
}  // namespace daybook::api
