#include "eventstore/embedded/record_value.h"

#include "eventstore/checksum.h"

namespace daybook::eventstore {
namespace {

constexpr std::size_t kCheckBytes = 4;

}  // namespace

std::string record_key(std::uint64_t offset) {
  std::string key(sizeof offset, '\0');
  put_big_endian64(key.data(), offset);
  return key;
}

std::optional<std::uint64_t> offset_of(std::string_view record_key) {
  if (record_key.size() != sizeof(std::uint64_t)) return std::nullopt;
  return get_big_endian64(record_key.data());
}

std::string checked_value(std::string_view key, std::string_view bytes) {
  std::string value;
  value.reserve(bytes.size() + kCheckBytes);
  value.append(bytes);
  value.resize(bytes.size() + kCheckBytes);
  put_big_endian32(value.data() + bytes.size(), crc32c(bytes, crc32c(key)));
  return value;
}

std::optional<std::string_view> bytes_of(std::string_view key, std::string_view value) {
  if (value.size() < kCheckBytes) return std::nullopt;
  const std::string_view bytes = value.substr(0, value.size() - kCheckBytes);
  if (get_big_endian32(value.data() + bytes.size()) != crc32c(bytes, crc32c(key))) return std::nullopt;
  return bytes;
}

}  // namespace daybook::eventstore
