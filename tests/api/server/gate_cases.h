#pragma once

#include <string>
#include <vector>

namespace daybook::api::test {

// A request that breaks one rule of the gate, up to and with its body.
struct Broken {
  std::string name;
  std::string bytes;
  int status = 400;
};

inline std::vector<Broken> broken_requests() {
  const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n";
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  std::string many_fields = get;
  for (int i = 0; i < 100; ++i) many_fields += "x: y\r\n";
  return {
      {"TransferEncodingGzip", post + "Transfer-Encoding: gzip\r\nConnection: keep-alive\r\n\r\n"},
      {"TransferEncodingGzipWithLength", post + "Transfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"},
      {"TransferEncodingGzipChunked", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
      {"TransferEncodingChunkedTwice", post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"},
      {"TransferEncodingInTwoFields",
       post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"TransferEncodingIdentity", post + "Transfer-Encoding: identity\r\n\r\n"},
      {"TransferEncodingEmpty", post + "Transfer-Encoding:\r\n\r\n"},
      {"TransferEncodingQuoted", post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"},
      {"TransferEncodingWithVerticalTab", post + "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n"},
      {"TransferEncodingOnHttp10", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"TransferEncodingThenLength", post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"},
      {"LengthThenTransferEncoding", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"TwoLengths", post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"},
      {"TwoEqualLengths", post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"},
      {"LengthWithComma", post + "Content-Length: 5, 5\r\n\r\nhello"},
      {"LengthWithSign", post + "Content-Length: +5\r\n\r\nhello"},
      {"LengthNegative", post + "Content-Length: -1\r\n\r\n"},
      {"LengthHexadecimal", post + "Content-Length: 0x5\r\n\r\nhello"},
      {"LengthEmpty", post + "Content-Length:\r\n\r\n"},
      {"LengthBeyondInt64", post + "Content-Length: 99999999999999999999\r\n\r\n"},
      {"NoHost", "GET / HTTP/1.1\r\nAccept: a\r\n\r\n"},
      {"TwoHosts", get + "Host: b\r\n\r\n"},
      {"TwoHostsOnHttp10", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"},
      {"EmptyHost", "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
      {"HostList", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"},
      {"HostWithPath", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
      {"FoldedField", get + "x: y\r\n z\r\n\r\n"},
      {"FoldedFieldWithTab", get + "x: y\r\n\tz\r\n\r\n"},
      {"FoldedTransferEncoding", post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"},
      {"FoldBeforeFirstField", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
      {"SpaceBeforeColon", post + "Content-Length : 5\r\n\r\nhello"},
      {"FieldWithoutColon", get + "nonsense\r\n\r\n"},
      {"FieldWithoutName", get + ": y\r\n\r\n"},
      {"FieldWithNul", get + std::string("x: a\0b\r\n\r\n", 11)},
      {"FieldWithBareCr", get + "x: a\rb\r\n\r\n"},
      {"BareLf", "GET / HTTP/1.1\nHost: a\n\n"},
      {"BareLfBetweenFields", get + "x: y\nz: w\r\n\r\n"},
      {"LowerCaseMethod", "get / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"MixedCaseMethod", "Get / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"UnknownMethod", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"TraceMethod", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"ConnectMethod", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"AbsoluteTarget", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"AsteriskTarget", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"TargetWithoutSlash", "GET v1 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"TargetWithFragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"TargetWithControlCharacter", "GET /a\x01 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"TargetWithTab", "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"TargetWithSpace", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"TargetWithRawUtf8", "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"TargetWithEncodedNul", "GET /a%00 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"TargetWithEncodedLineEnd", "GET /a%0d%0Ab HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"TargetWithBrokenEscape", "GET /a%zz HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"TargetWithCutEscape", "GET /a%2 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"DotSegment", "GET /a/./b HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"DotDotSegment", "GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"DotDotAtTheEnd", "GET /a/.. HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"EncodedDot", "GET /a/%2e/b HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"EncodedDotDot", "GET /a/%2E%2e/b HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"HalfEncodedDotDot", "GET /a/.%2e HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"DotDotBehindEncodedSlash", "GET /a%2f..%2fb HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"DotDotBehindBackslash", "GET /a\\..\\b HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"MoreThanHundredFields", many_fields + "\r\n"},
      {"NoVersion", "GET /\r\nHost: a\r\n\r\n"},
      {"TwoSpaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"LowerCaseVersion", "GET / http/1.1\r\nHost: a\r\n\r\n"},
      {"ThreeDigitVersion", "GET / HTTP/1.10\r\nHost: a\r\n\r\n"},
      {"TwoEmptyLinesFirst", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"ChunkSizeNotHexadecimal", post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n0\r\n\r\n"},
      {"ChunkSizeTooBig", post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n"},
      {"ChunkWithoutItsLineEnd", post + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n"},
      {"ChunkExtensionWithBareLf", post + "Transfer-Encoding: chunked\r\n\r\n1;a\nb\r\nx\r\n0\r\n\r\n"},
      {"Version20", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"Version12", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
      {"LongTarget", "GET /" + std::string(8192, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"TargetLongerThanTheHeaderMayBe", "GET /" + std::string(20000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"LongHeader", get + "x: " + std::string(16384, 'a') + "\r\n\r\n", 431},
      {"UnknownExpectation", get + "Expect: a-miracle\r\n\r\n", 417},
      {"LongBody", post + "Content-Length: 1048577\r\n\r\n", 413},
      {"LongChunk", post + "Transfer-Encoding: chunked\r\n\r\n100001\r\n", 413},
  };
}

}  // namespace daybook::api::test
