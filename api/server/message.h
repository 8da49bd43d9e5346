#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace daybook::api {

// Header fields in the order of the message, names as they were written.
using Headers = std::vector<std::pair<std::string, std::string>>;

// The value of the first field of that name, whatever its case (RFC 9110 §5.1). Valid while `headers` stands unchanged.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name);

// One request after the gate: every rule of gate.h holds. Values are raw: percent-decoding is the router's work.
struct Request {
  std::string method;  // GET HEAD POST PUT PATCH DELETE OPTIONS
  std::string target;  // origin-form, at most 8 KiB
  std::string path;    // `target` up to the first '?', still percent-encoded
  std::string query;   // what follows it, still percent-encoded
  Headers headers;
  std::string body;                 // decoded of its chunks; empty if body_file is set
  std::filesystem::path body_file;  // the body as a file of mode 0600; removed with the Exchange unless moved away
  std::string peer_address;         // numeric, without port
  bool secure = false;              // came over TLS

  std::optional<std::string_view> header(std::string_view name) const { return find_header(headers, name); }
};

// What a handler answers. Content-Length, Transfer-Encoding, Connection and Content-Encoding: gzip are the server's;
// but a Content-Length on the answer to HEAD, without a body, is the one of GET.
struct Response {
  unsigned status = 200;
  Headers headers;
  std::string body;

  std::optional<std::string_view> header(std::string_view name) const { return find_header(headers, name); }
  // Replaces every field of that name by one.
  void set_header(std::string_view name, std::string value);
};

// The phrase of RFC 9110 §15 for a status code; "Unknown" for one that we never send.
std::string_view reason_phrase(unsigned status);

// ASCII comparison without regard to case, as names and tokens of HTTP are compared.
bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace daybook::api
