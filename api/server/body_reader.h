#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "api/server/spool_file.h"

namespace daybook::api {

// Where a body goes: memory, or the file if there is one; at most `limit_bytes` of it.
struct BodySink {
  std::uint64_t limit_bytes = 0;
  std::uint64_t received_bytes = 0;
  std::string memory;
  std::shared_ptr<SpoolFile> file;
};

// Boost.Beast's parser behind the gate: a second opinion on the header, and the decoder of the body. One for each
// request; used by one thread. Keeps no bytes: the caller's buffer is the only one.
class BodyReader {
 public:
  explicit BodyReader(std::size_t header_limit_bytes);
  ~BodyReader();
  BodyReader(const BodyReader&) = delete;
  BodyReader& operator=(const BodyReader&) = delete;

  // The whole header, as it passed the gate. False if the parser makes something else of it than one request that is
  // framed as `chunked` and `content_length` say.
  bool take_header(std::string_view header, bool chunked, std::uint64_t content_length);

  // Whether the connection stays open after the answer (RFC 9112 §9.3). After take_header only.
  bool keep_alive() const;

  enum class State { NeedsMore, Complete, Malformed, TooLarge, DiskFull };
  struct Progress {
    State state = State::NeedsMore;
    std::size_t consumed_bytes = 0;
  };
  // Decodes what has come into `sink`. With NeedsMore the bytes not consumed are to be given again, with more behind.
  Progress take_body(std::string_view bytes, BodySink& sink);

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace daybook::api
