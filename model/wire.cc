#include "model/wire.h"

#include <array>

namespace daybook::model {
namespace {

constexpr std::size_t kVarintSize = 10;

// Returns the end of what it wrote, at most kVarintSize bytes.
char* put_varint(char* at, std::uint64_t value) {
  while (value >= 0x80) {
    *at++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *at++ = static_cast<char>(value);
  return at;
}

}  // namespace

bool WireReader::read_varint(std::uint64_t& value) {
  if (!rest_.empty() && static_cast<std::uint8_t>(rest_.front()) < 0x80) {  // nearly every tag and size
    value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return true;
  }
  value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) return false;
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return true;
  }
  return false;
}

bool WireReader::next(WireField& field) {
  if (rest_.empty() || damaged_) return false;
  const char* const start = rest_.data();
  damaged_ = true;  // until the field proves whole
  std::uint64_t tag = 0;
  if (!read_varint(tag)) return false;
  field.number = static_cast<std::uint32_t>(tag >> 3);
  field.type = static_cast<WireType>(tag & 7);
  field.bytes = {};
  std::size_t fixed = 0;
  switch (field.type) {
    case WireType::kVarint:
      if (!read_varint(field.varint)) return false;
      break;
    case WireType::kBytes: {
      std::uint64_t size = 0;
      if (!read_varint(size) || size > rest_.size()) return false;
      field.bytes = rest_.substr(0, size);
      rest_.remove_prefix(size);
      break;
    }
    case WireType::kFixed64:
      fixed = 8;
      break;
    case WireType::kFixed32:
      fixed = 4;
      break;
    default:
      return false;
  }
  if (fixed != 0) {
    if (rest_.size() < fixed) return false;
    field.varint = 0;
    for (std::size_t i = 0; i < fixed; ++i) {
      field.varint |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(rest_[i])) << (8 * i);
    }
    rest_.remove_prefix(fixed);
  }
  if (field.number == 0) return false;
  field.whole = {start, static_cast<std::size_t>(rest_.data() - start)};
  damaged_ = false;
  return true;
}

void append_varint(std::string& out, std::uint64_t value) {
  std::array<char, kVarintSize> bytes;
  out.append(bytes.data(), put_varint(bytes.data(), value));
}

void append_varint_field(std::string& out, std::uint32_t number, std::uint64_t value) {
  std::array<char, 2 * kVarintSize> bytes;
  char* const end = put_varint(bytes.data(), static_cast<std::uint64_t>(number) << 3);
  out.append(bytes.data(), put_varint(end, value));
}

void append_bytes_field(std::string& out, std::uint32_t number, std::string_view bytes) {
  std::array<char, 2 * kVarintSize> head;
  char* const end = put_varint(head.data(), (static_cast<std::uint64_t>(number) << 3) | 2);
  out.append(head.data(), put_varint(end, bytes.size()));
  out += bytes;
}

}  // namespace daybook::model
