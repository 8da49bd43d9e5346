#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/server/message.h"

namespace daybook::api {

// What the request says about the bytes of its answer.
struct AnswerForm {
  bool without_body = false;  // HEAD: the header of the GET answer alone (RFC 9110 §9.3.2)
  bool http_1_1 = true;
  bool keep_alive = true;
  bool gzip = false;
};

// An answer as it goes over the wire: one or two pieces, written in one call, so that no answer waits for the
// acknowledgement of its first half.
struct Answer {
  std::vector<std::string> pieces;
  bool keep_alive = true;
};

// A whole answer with its Content-Length; compressed if that is allowed and pays. A handler's `Connection: close` is
// obeyed. Nothing if a header field holds a control character: then it would be two answers (response splitting).
std::optional<Answer> encode_answer(Response response, const AnswerForm& form);

// The header of an answer whose body follows in chunks, or on HTTP/1.0 until the connection's end (RFC 9112 §7.1).
std::optional<Answer> encode_stream_head(Response head, const AnswerForm& form);

// `bytes` as one chunk; never the last one, for empty bytes give an empty string.
std::string encode_chunk(std::string_view bytes);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace daybook::api
