#pragma once

#include <cstdint>
#include <string_view>

namespace daybook::eventstore {

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4): finds every single flipped byte. `seed` is the checksum of what stood
/// before, so that pieces can be summed one after the other. Pure.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed = 0);

/// FNV-1a, 64 bits: tells one record from another where nobody forges them. Pure.
std::uint64_t fingerprint(std::string_view bytes);

/// Big-endian integers, as they stand in keys, values and marks.
void put_big_endian32(char* out, std::uint32_t value);
void put_big_endian64(char* out, std::uint64_t value);
std::uint32_t get_big_endian32(const char* bytes);
std::uint64_t get_big_endian64(const char* bytes);

}  // namespace daybook::eventstore
