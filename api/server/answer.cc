#include "api/server/answer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "api/server/gzip.h"

namespace daybook::api {
namespace {

// Below this a copy is cheaper than a second piece.
constexpr std::size_t kSmallBody = 8192;

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

bool is_clean(const Headers& headers) {
  return std::ranges::none_of(headers, [](const auto& field) {
    return field.first.empty() || field.first.find_first_of(" \t:") != std::string::npos ||
           std::ranges::any_of(field.first, is_control) || std::ranges::any_of(field.second, is_control);
  });
}

// Fields that only the server may write.
bool is_framing(std::string_view name) {
  return equals_ignoring_case(name, "Content-Length") || equals_ignoring_case(name, "Transfer-Encoding") ||
         equals_ignoring_case(name, "Connection");
}

bool keeps_alive(const Response& response, const AnswerForm& form) {
  return form.keep_alive && !equals_ignoring_case(response.header("Connection").value_or(""), "close");
}

std::string encode_head(const Response& response, const AnswerForm& form, bool keep_alive) {
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  out += reason_phrase(response.status);
  out += "\r\n";
  for (const auto& [name, value] : response.headers) {
    if (is_framing(name)) continue;
    out.append(name).append(": ").append(value).append("\r\n");
  }
  if (!keep_alive) out += "Connection: close\r\n";
  if (keep_alive && !form.http_1_1) out += "Connection: keep-alive\r\n";
  return out;
}

void add_vary(Response& response) {
  const auto vary = response.header("Vary");
  if (vary && vary->contains("Accept-Encoding")) return;  // an answer that was relayed
  response.set_header("Vary", vary ? std::string(*vary) + ", Accept-Encoding" : "Accept-Encoding");
}

// A HEAD request that another node answered has the length of the GET answer, but not its body.
std::string content_length(const Response& response, const AnswerForm& form) {
  const auto told = response.header("Content-Length");
  if (told && form.without_body && response.body.empty()) return std::string(*told);
  return std::to_string(response.body.size());
}

}  // namespace

std::optional<Answer> encode_answer(Response response, const AnswerForm& form) {
  if (!is_clean(response.headers)) return std::nullopt;
  if (is_worth_gzip(response)) {
    add_vary(response);
    if (auto packed = form.gzip ? gzip(response.body) : std::nullopt) {
      response.body = std::move(*packed);
      response.set_header("Content-Encoding", "gzip");
    }
  }
  Answer answer{.pieces = {}, .keep_alive = keeps_alive(response, form)};
  std::string head = encode_head(response, form, answer.keep_alive);
  const bool bodiless = response.status == 204 || response.status == 304;
  if (!bodiless) head += "Content-Length: " + content_length(response, form) + "\r\n";
  head += "\r\n";
  const bool with_body = !bodiless && !form.without_body;
  if (with_body && response.body.size() <= kSmallBody) head += response.body;
  const bool apart = with_body && response.body.size() > kSmallBody;
  answer.pieces.push_back(std::move(head));
  if (apart) answer.pieces.push_back(std::move(response.body));
  return answer;
}

std::optional<Answer> encode_stream_head(Response head, const AnswerForm& form) {
  if (!is_clean(head.headers)) return std::nullopt;
  Answer answer{.pieces = {}, .keep_alive = form.http_1_1 && keeps_alive(head, form)};
  std::string bytes = encode_head(head, form, answer.keep_alive);
  if (form.http_1_1) bytes += "Transfer-Encoding: chunked\r\n";
  bytes += "\r\n";
  answer.pieces.push_back(std::move(bytes));
  return answer;
}

std::string encode_chunk(std::string_view bytes) {
  if (bytes.empty()) return {};
  std::array<char, 16> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
  std::string out;
  out.reserve(bytes.size() + 24);
  out.append(size.data(), end).append("\r\n").append(bytes).append("\r\n");
  return out;
}

}  // namespace daybook::api
