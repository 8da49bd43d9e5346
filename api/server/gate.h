#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "api/server/message.h"

// The gate that every request passes before anything else looks at it: pure functions over the raw header bytes. It
// refuses what two parsers might read differently, and so every shape known for request smuggling (RFC 9112 §11.2):
// the parser behind it accepts `Transfer-Encoding: gzip`, `chunked, chunked`, two Hosts, `Content-Length: 5, 5` and
// folded lines. A refused connection is closed, so that bytes after a doubtful header are never taken for a request.

namespace daybook::api {

struct GateLimits {
  std::size_t header_bytes = 16384;  // request line, fields and the empty line
  std::size_t target_bytes = 8192;
  std::size_t fields = 100;
};

// Why a request is turned away: an HTTP status, a stable code and a sentence for people.
struct Refusal {
  unsigned status = 400;
  std::string_view code = "malformed_request";
  std::string detail;
};

// A request that may be read on: its header, and how its body is framed (RFC 9112 §6).
struct Head {
  Request request;
  bool http_1_1 = true;
  bool chunked = false;
  std::optional<std::uint64_t> content_length;  // never together with chunked
  bool expects_continue = false;                // Expect: 100-continue on HTTP/1.1 (RFC 9110 §10.1.1)

  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

struct HeaderScan {
  enum class State { NeedsMore, Complete, Malformed };
  State state = State::NeedsMore;
  std::size_t size = 0;  // of the header with its empty line, if complete
};

// Looks for the end of the header in what has come so far. A line that ends in a bare LF is malformed at once, for some
// parsers take it for an end of line and some don't. `resume` starts at 0 and is kept between calls on a growing
// buffer, so that a header that comes byte by byte is looked at once.
HeaderScan scan_header(std::string_view bytes, std::size_t& resume);

// Judges a whole header, the empty line included. 400 for every broken rule, 414 for a target and 431 for a header over
// the limit, 417 for an unknown expectation, 505 for a version other than 1.0 and 1.1.
std::expected<Head, Refusal> admit(std::string_view header, const GateLimits& limits);

// The refusal of a header that has reached header_bytes without an end: 414 if its target alone is too long, else 431.
Refusal refuse_oversized(std::string_view bytes, const GateLimits& limits);

}  // namespace daybook::api
