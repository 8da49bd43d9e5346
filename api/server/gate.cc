#include "api/server/gate.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

#include "api/server/target.h"

namespace daybook::api {
namespace {

using Checked = std::expected<void, Refusal>;

constexpr std::array<std::string_view, 7> kMethods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
constexpr std::string_view kEndOfLine = "\r\n";

std::unexpected<Refusal> malformed(std::string detail) {
  return std::unexpected(Refusal{.status = 400, .code = "malformed_request", .detail = std::move(detail)});
}

Refusal target_too_long(const GateLimits& limits) {
  return {.status = 414,
          .code = "uri_too_long",
          .detail = "The request target is longer than " + std::to_string(limits.target_bytes) + " bytes."};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// tchar of RFC 9110 §5.6.2.
bool is_token_char(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("!#$%&'*+-.^_`|~").contains(c);
}

// field-vchar, SP, HTAB and obs-text of RFC 9110 §5.5: everything but control characters.
bool is_value_char(char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); }

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Checked read_version(std::string_view version, Head& head) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0") {
    head.http_1_1 = version == "HTTP/1.1";
    return {};
  }
  if (version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) && version[6] == '.' &&
      is_digit(version[7]))
    return std::unexpected(Refusal{505, "version_not_supported", "This server speaks HTTP/1.1 and HTTP/1.0."});
  return malformed("The request line must end in HTTP/1.1 or HTTP/1.0.");
}

Checked read_request_line(std::string_view line, const GateLimits& limits, Head& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return malformed("The request line must be a method, a target and a version, with one space between each.");
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (std::ranges::find(kMethods, method) == kMethods.end())
    return malformed("The method is none of GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS, in capitals.");
  if (target.size() > limits.target_bytes) return std::unexpected(target_too_long(limits));
  if (const auto fault = find_target_fault(target)) return malformed(std::string(*fault));
  head.request.method = method;
  head.request.target = target;
  const std::size_t mark = target.find('?');
  head.request.path = target.substr(0, mark);
  if (mark != std::string_view::npos) head.request.query = target.substr(mark + 1);
  return read_version(line.substr(last + 1), head);
}

Checked read_field(std::string_view line, Head& head) {
  if (line.starts_with(' ') || line.starts_with('\t')) return malformed("A header field is folded over two lines.");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || !std::ranges::all_of(line.substr(0, colon), is_token_char))
    return malformed("A header field must be a name of token characters, directly followed by a colon.");
  const std::string_view value = trim(line.substr(colon + 1));
  if (!std::ranges::all_of(value, is_value_char)) return malformed("A header field holds a control character.");
  head.request.headers.emplace_back(line.substr(0, colon), value);
  return {};
}

std::size_t count_fields(const Headers& headers, std::string_view name) {
  return static_cast<std::size_t>(
      std::ranges::count_if(headers, [name](const auto& field) { return equals_ignoring_case(field.first, name); }));
}

// RFC 9110 §7.2; a name with '/', '@' or a comma in it is a second opinion about where the authority ends.
Checked check_host(const Head& head) {
  const std::size_t count = count_fields(head.request.headers, "Host");
  if (count > 1 || (count == 0 && head.http_1_1)) return malformed("There must be exactly one Host field.");
  if (count == 0) return {};
  const std::string_view host = *head.request.header("Host");
  const auto fits = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("-._~!$&'()*+;=:[]%").contains(c);
  };
  if (host.empty() || !std::ranges::all_of(host, fits)) return malformed("The Host field is not a host name.");
  return {};
}

// RFC 9112 §6.3, without its leniencies.
Checked check_framing(Head& head) {
  const std::size_t encodings = count_fields(head.request.headers, "Transfer-Encoding");
  const std::size_t lengths = count_fields(head.request.headers, "Content-Length");
  if (encodings > 0) {
    if (!head.http_1_1) return malformed("Transfer-Encoding needs HTTP/1.1.");
    if (lengths > 0) return malformed("Transfer-Encoding and Content-Length exclude each other.");
    if (encodings > 1 || !equals_ignoring_case(*head.request.header("Transfer-Encoding"), "chunked"))
      return malformed("The only Transfer-Encoding is exactly one 'chunked'.");
    head.chunked = true;
    return {};
  }
  if (lengths == 0) return {};
  if (lengths > 1) return malformed("There is more than one Content-Length.");
  const std::string_view text = *head.request.header("Content-Length");
  std::uint64_t length = 0;
  if (text.empty() || text.size() > 18 || !std::ranges::all_of(text, is_digit))
    return malformed("Content-Length must be one decimal number.");
  std::from_chars(text.data(), text.data() + text.size(), length);
  head.content_length = length;
  return {};
}

Checked check_expectation(Head& head) {
  const std::size_t count = count_fields(head.request.headers, "Expect");
  if (count == 0 || !head.http_1_1) return {};
  if (count > 1 || !equals_ignoring_case(*head.request.header("Expect"), "100-continue"))
    return std::unexpected(Refusal{417, "expectation_failed", "The only expectation served is 100-continue."});
  head.expects_continue = true;
  return {};
}

}  // namespace

HeaderScan scan_header(std::string_view bytes, std::size_t& resume) {
  for (;;) {
    const std::size_t feed = bytes.find('\n', resume);
    if (feed == std::string_view::npos) break;
    if (feed == 0 || bytes[feed - 1] != '\r') return {HeaderScan::State::Malformed, 0};
    resume = feed + 1;
    if (feed >= 3 && bytes[feed - 2] == '\n') return {HeaderScan::State::Complete, feed + 1};
  }
  resume = bytes.size();
  return {};
}

std::expected<Head, Refusal> admit(std::string_view header, const GateLimits& limits) {
  if (header.size() > limits.header_bytes) return std::unexpected(refuse_oversized(header, limits));
  Head head;
  std::size_t begin = 0;
  for (std::size_t line = 0;; ++line) {
    const std::size_t end = header.find(kEndOfLine, begin);
    if (end == std::string_view::npos) return malformed("The header has no end.");
    const std::string_view text = header.substr(begin, end - begin);
    if (text.empty() && line > 0) break;
    if (line > limits.fields) return malformed("There are more than " + std::to_string(limits.fields) + " fields.");
    const Checked read = line == 0 ? read_request_line(text, limits, head) : read_field(text, head);
    if (!read) return std::unexpected(read.error());
    begin = end + kEndOfLine.size();
  }
  if (const auto host = check_host(head); !host) return std::unexpected(host.error());
  if (const auto framing = check_framing(head); !framing) return std::unexpected(framing.error());
  if (const auto expectation = check_expectation(head); !expectation) return std::unexpected(expectation.error());
  return head;
}

Refusal refuse_oversized(std::string_view bytes, const GateLimits& limits) {
  const std::size_t first_space = bytes.find(' ');
  const std::size_t line_end = std::min(bytes.find(kEndOfLine), bytes.size());
  if (first_space < line_end && line_end - first_space > limits.target_bytes + std::string_view("  HTTP/1.1").size())
    return target_too_long(limits);
  return {.status = 431,
          .code = "header_too_large",
          .detail = "The header is longer than " + std::to_string(limits.header_bytes) + " bytes."};
}

}  // namespace daybook::api
