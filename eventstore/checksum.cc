#include "eventstore/checksum.h"

#include <array>
#include <bit>
#include <cstring>

namespace daybook::eventstore {
namespace {

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

// Slicing by eight (Kounavis and Berry, 2005): table k advances a byte over k further bytes of zeros.
constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78U : 0U);
    tables[0][byte] = crc;
  }
  for (std::size_t table = 1; table < 8; ++table) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[table - 1][byte];
      tables[table][byte] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  }
  return tables;
}
constexpr Tables kTables = make_tables();

template <class Integer>
void put(char* out, Integer value) {
  if constexpr (std::endian::native == std::endian::little) value = std::byteswap(value);
  std::memcpy(out, &value, sizeof value);
}

template <class Integer>
Integer get(const char* bytes) {
  Integer value;
  std::memcpy(&value, bytes, sizeof value);
  if constexpr (std::endian::native == std::endian::little) value = std::byteswap(value);
  return value;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed) {
  std::uint32_t crc = ~seed;
  while (bytes.size() >= 8) {
    const std::uint64_t word = std::byteswap(get<std::uint64_t>(bytes.data())) ^ crc;
    crc = 0;
    for (std::size_t index = 0; index < 8; ++index) crc ^= kTables[7 - index][(word >> (8 * index)) & 0xFF];
    bytes.remove_prefix(8);
  }
  for (const char byte : bytes) crc = (crc >> 8) ^ kTables[0][(crc ^ static_cast<unsigned char>(byte)) & 0xFF];
  return ~crc;
}

std::uint64_t fingerprint(std::string_view bytes) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3U;
  return hash;
}

void put_big_endian32(char* out, std::uint32_t value) { put(out, value); }
void put_big_endian64(char* out, std::uint64_t value) { put(out, value); }
std::uint32_t get_big_endian32(const char* bytes) { return get<std::uint32_t>(bytes); }
std::uint64_t get_big_endian64(const char* bytes) { return get<std::uint64_t>(bytes); }

}  // namespace daybook::eventstore
