#include "api/cursor.h"

#include <cstdint>

namespace daybook::api {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kLongest = 4096;  // of a cursor; a position is far shorter

std::string base64url(std::string_view bytes) {
  std::string out;
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (const char byte : bytes) {
    buffer = buffer << 8 | static_cast<std::uint8_t>(byte);
    for (bits += 8; bits >= 6; bits -= 6) out += kAlphabet[buffer >> (bits - 6) & 63];
  }
  if (bits > 0) out += kAlphabet[buffer << (6 - bits) & 63];
  return out;
}

// Only what base64url writes: one text per bytes.
std::optional<std::string> from_base64url(std::string_view text) {
  std::string out;
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const auto digit = kAlphabet.find(c);
    if (digit == kAlphabet.npos) return std::nullopt;
    buffer = buffer << 6 | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>(buffer >> bits & 255);
  }
  if (base64url(out) != text) return std::nullopt;
  return out;
}

std::string associated_data(const CursorScope& scope) {
  return std::string("daybook cursor 1").append(scope.workspace.value.view()).append(scope.query);
}

}  // namespace

std::string write_cursor(const eventstore::Key& key, const CursorScope& scope, std::string_view position) {
  return base64url(eventstore::seal_repeatably(key, position, associated_data(scope)));
}

std::optional<std::string> read_cursor(const eventstore::Key& key, const CursorScope& scope, std::string_view cursor) {
  if (cursor.size() > kLongest) return std::nullopt;
  const auto sealed = from_base64url(cursor);
  return sealed ? eventstore::open(key, *sealed, associated_data(scope)) : std::nullopt;
}

}  // namespace daybook::api
