#include "model/json_output.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace daybook::model {
namespace {

constexpr std::size_t kStep = 1024;
constexpr std::size_t kEscapedSize = 6;  // \u001f
constexpr std::string_view kHex = "0123456789abcdef";

constexpr auto kHexPairs = [] {
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t byte = 0; byte < 256; ++byte) pairs[byte] = {kHex[byte >> 4], kHex[byte & 15]};
  return pairs;
}();

bool needs_escape(char c) { return static_cast<std::uint8_t>(c) < 0x20 || c == '"' || c == '\\'; }

// Whether one of eight bytes needs an escape (Bit Twiddling Hacks, "determine if a word has a byte less than n").
bool any_needs_escape(const char* eight_bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
  constexpr std::uint64_t kHighs = 0x8080808080808080ULL;
  std::uint64_t word = 0;
  std::memcpy(&word, eight_bytes, 8);
  const auto has_zero = [](std::uint64_t v) { return (v - kOnes) & ~v & kHighs; };
  const std::uint64_t control = (word - kOnes * 0x20) & ~word & kHighs;
  return (control | has_zero(word ^ (kOnes * '"')) | has_zero(word ^ (kOnes * '\\'))) != 0;
}

// How many bytes from the front need no escape.
std::size_t plain_size(std::string_view text) {
  std::size_t at = 0;
  while (at + 8 <= text.size() && !any_needs_escape(text.data() + at)) at += 8;
  while (at < text.size() && !needs_escape(text[at])) ++at;
  return at;
}

}  // namespace

void JsonOutput::grow(std::size_t size) {
  const auto used = static_cast<std::size_t>(at_ - out_.data());
  out_.resize(used + size + kStep);
  at_ = out_.data() + used;
  end_ = out_.data() + out_.size();
}

void JsonOutput::copy(std::string_view text) {
  std::memcpy(at_, text.data(), text.size());
  at_ += text.size();
}

void JsonOutput::raw(char c) {
  make_room(1);
  *at_++ = c;
}

void JsonOutput::raw(std::string_view json) {
  make_room(json.size());
  copy(json);
}

void JsonOutput::name(std::string_view name, bool first) {
  make_room(name.size() + 4);
  if (!first) *at_++ = ',';
  *at_++ = '"';
  copy(name);
  *at_++ = '"';
  *at_++ = ':';
}

void JsonOutput::escaped(char c) {
  make_room(kEscapedSize);
  switch (c) {
    case '"':
      return copy("\\\"");
    case '\\':
      return copy("\\\\");
    case '\b':
      return copy("\\b");
    case '\f':
      return copy("\\f");
    case '\n':
      return copy("\\n");
    case '\r':
      return copy("\\r");
    case '\t':
      return copy("\\t");
    default:
      break;
  }
  copy("\\u00");
  const auto& pair = kHexPairs[static_cast<std::uint8_t>(c)];
  copy({pair.data(), pair.size()});
}

void JsonOutput::string(std::string_view text) {
  make_room(text.size() + 2);
  *at_++ = '"';
  while (true) {
    const std::size_t plain = plain_size(text);
    raw(text.substr(0, plain));
    if (plain == text.size()) break;
    escaped(text[plain]);
    text.remove_prefix(plain + 1);
  }
  raw('"');
}

void JsonOutput::integer(std::int64_t value) {
  constexpr std::size_t kLongest = 20;
  make_room(kLongest);
  at_ = std::to_chars(at_, end_, value).ptr;
}

void JsonOutput::uuid(std::string_view bytes) {
  if (bytes.size() != 16) return raw("null");
  constexpr std::array<std::size_t, 5> kGroups = {4, 2, 2, 2, 6};
  make_room(38);
  char opening = '"';
  std::size_t next = 0;
  for (const std::size_t group : kGroups) {
    *at_++ = opening;
    opening = '-';
    for (std::size_t i = 0; i < group; ++i) {
      const auto& pair = kHexPairs[static_cast<std::uint8_t>(bytes[next++])];
      *at_++ = pair[0];
      *at_++ = pair[1];
    }
  }
  *at_++ = '"';
}

void JsonOutput::base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  raw('"');
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t three = 0;
    for (std::size_t i = 0; i < 3; ++i)
      three = three << 8 | (i < count ? static_cast<std::uint8_t>(bytes[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i) raw(i <= count ? kDigits[three >> (18 - 6 * i) & 63] : '=');
  }
  raw('"');
}

}  // namespace daybook::model
