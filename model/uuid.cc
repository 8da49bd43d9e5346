#include "model/uuid.h"

#include <algorithm>

namespace daybook::model {
namespace {

constexpr auto kHexDigits = [] {
  std::array<std::int8_t, 256> digits{};
  digits.fill(-1);
  for (std::int8_t i = 0; i < 10; ++i) digits[static_cast<std::size_t>('0' + i)] = i;
  for (std::int8_t i = 0; i < 6; ++i) {
    digits[static_cast<std::size_t>('a' + i)] = digits[static_cast<std::size_t>('A' + i)] =
        static_cast<std::int8_t>(10 + i);
  }
  return digits;
}();

int hex_digit(char c) { return kHexDigits[static_cast<std::uint8_t>(c)]; }

bool is_hyphen_place(std::size_t index) { return index == 8 || index == 13 || index == 18 || index == 23; }

}  // namespace

std::string Uuid::text() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(36);
  for (const std::uint8_t byte : bytes) {
    if (is_hyphen_place(out.size())) out += '-';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::optional<Uuid> Uuid::from_bytes(std::string_view bytes) {
  if (bytes.size() != 16) return std::nullopt;
  Uuid id;
  std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  return id;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid id;
  std::size_t nibble = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_hyphen_place(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int digit = hex_digit(text[i]);
    if (digit < 0) return std::nullopt;
    std::uint8_t& byte = id.bytes[nibble / 2];
    byte = static_cast<std::uint8_t>(nibble % 2 == 0 ? digit << 4 : byte | digit);
    ++nibble;
  }
  return id;
}

Uuid Uuid::version7(std::int64_t time_ms, std::uint32_t counter, std::uint64_t random) {
  Uuid id;
  for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(time_ms >> (40 - 8 * i));
  id.bytes[6] = static_cast<std::uint8_t>(0x70 | ((counter >> 26) & 0x0F));
  id.bytes[7] = static_cast<std::uint8_t>(counter >> 18);
  id.bytes[8] = static_cast<std::uint8_t>(0x80 | ((counter >> 12) & 0x3F));
  id.bytes[9] = static_cast<std::uint8_t>(counter >> 4);
  id.bytes[10] = static_cast<std::uint8_t>(((counter & 0x0F) << 4) | ((random >> 40) & 0x0F));
  for (std::size_t i = 0; i < 5; ++i) id.bytes[11 + i] = static_cast<std::uint8_t>(random >> (32 - 8 * i));
  return id;
}

}  // namespace daybook::model
