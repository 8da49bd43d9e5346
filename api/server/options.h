#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/server/exchange.h"
#include "api/server/message.h"

namespace daybook::api {

// Makes the body of an error that the transport itself raises. `code` is one of malformed_request (400),
// request_timeout (408), too_large (413), uri_too_long (414), expectation_failed (417), header_too_large (431),
// internal (500), unavailable (503), version_not_supported (505), disk_full (507). Called from any thread.
using ProblemWriter = std::function<Response(unsigned status, std::string_view code, std::string_view detail)>;

// RFC 9457 with type, title, status, code and detail.
Response write_plain_problem(unsigned status, std::string_view code, std::string_view detail);

// One line for the operator, without its end. Called from any thread.
using LogLine = std::function<void(std::string_view line)>;
void log_to_standard_error(std::string_view line);

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0 takes a free one
  unsigned threads = 1;
  std::size_t header_limit_bytes = 16384;
  std::size_t target_limit_bytes = 8192;
  std::size_t header_limit_fields = 100;
  std::uint64_t body_limit_bytes = 1U << 20;
  std::uint64_t upload_limit_bytes = 1U << 30;
  std::filesystem::path spool_directory;       // needed where a BodyPolicy spools; created if missing
  unsigned header_timeout_ms = 10000;          // for a whole header from its first byte
  unsigned idle_timeout_ms = 60000;            // between requests, for 16 KiB of a body, for a peer that takes no bytes
  std::size_t stream_buffer_bytes = 1U << 20;  // of a stream that wait for a slow reader
  std::size_t max_connections = 4096;
  std::size_t max_connections_per_address = 512;
  ProblemWriter problem_writer = write_plain_problem;
  LogLine log = log_to_standard_error;
};

// What is done with the body of a request. Decided when the header has passed the gate, before a byte of the body is
// read and before 100 Continue is sent; asked only if a body follows.
struct BodyRule {
  enum class Kind { Memory, File, Refused };
  Kind kind = Kind::Memory;
  std::optional<std::uint64_t> limit_bytes;  // else body_limit_bytes or upload_limit_bytes
  std::shared_ptr<void> place;               // kept as long as the file is: for a policy that counts its files
  Response refusal;                          // sent at once; the connection closes, for the body is not read

  static BodyRule in_memory(std::optional<std::uint64_t> limit_bytes = {}) {
    return {Kind::Memory, limit_bytes, {}, {}};
  }
  static BodyRule in_file(std::optional<std::uint64_t> limit_bytes = {}, std::shared_ptr<void> place = {}) {
    return {Kind::File, limit_bytes, std::move(place), {}};
  }
  static BodyRule refused(Response refusal) { return {Kind::Refused, {}, {}, std::move(refusal)}; }
};

// Both run on the connection's thread, which serves others too: neither may block for long.
using Handler = std::function<void(std::shared_ptr<Exchange>)>;
using BodyPolicy = std::function<BodyRule(const Request& head)>;

}  // namespace daybook::api
