#include "domain/import/text_encoding.h"

#include <array>
#include <cstring>

namespace daybook::domain {
namespace {

// 0x80 to 0x9F; above that Windows-1252 is Latin-1.
constexpr std::array<char16_t, 32> kWindows1252 = {0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
                                                   0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

std::size_t ascii_prefix(std::string_view text) {
  std::size_t at = 0;
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & 0x8080808080808080U) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

}  // namespace

bool Utf8Check::lead(unsigned char byte) {
  low_ = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
  high_ = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
  missing_ = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
  return byte >= 0xC2 && byte <= 0xF4;
}

bool Utf8Check::feed(std::string_view piece) {
  while (valid_ && !piece.empty()) {
    if (missing_ == 0) {
      piece.remove_prefix(ascii_prefix(piece));
      if (piece.empty()) break;
      valid_ = lead(static_cast<unsigned char>(piece.front()));
    } else {
      const auto byte = static_cast<unsigned char>(piece.front());
      valid_ = byte >= low_ && byte <= high_;
      low_ = 0x80;
      high_ = 0xBF;
      --missing_;
    }
    piece.remove_prefix(1);
  }
  return valid_;
}

void append_windows_1252(std::string& out, unsigned char byte) {
  const char16_t point = byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80U] : byte;
  if (point < 0x800) {
    out += static_cast<char>(0xC0 | (point >> 6));
  } else {
    out += static_cast<char>(0xE0 | (point >> 12));
    out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
  }
  out += static_cast<char>(0x80 | (point & 0x3F));
}

}  // namespace daybook::domain
