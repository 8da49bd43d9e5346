#include "eventstore/embedded/wal_scan.h"

#include <algorithm>
#include <fstream>
#include <string_view>
#include <vector>

#include "eventstore/checksum.h"

namespace daybook::eventstore {
namespace {

constexpr std::size_t kBlockBytes = 32 << 10;
constexpr std::size_t kHeaderBytes = 7;  // masked CRC-32C (4), length (2), type (1); little-endian
enum Fragment : std::uint8_t { kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t index = bytes.size(); index-- > 0;) value = (value << 8) | static_cast<unsigned char>(bytes[index]);
  return value;
}

std::uint32_t masked(std::uint32_t crc) { return ((crc >> 15) | (crc << 17)) + 0xA282EAD8U; }

// The length of the fragment's payload at the start of `block`; nothing when it does not check out.
std::optional<std::size_t> payload_length(std::string_view block) {
  if (block.size() < kHeaderBytes) return std::nullopt;
  const std::size_t length = little_endian(block.substr(4, 2));
  if (block.size() < kHeaderBytes + length) return std::nullopt;
  if (little_endian(block.substr(0, 4)) != masked(crc32c(block.substr(6, 1 + length)))) return std::nullopt;
  return length;
}

// The start of the first record that is broken or incomplete.
std::optional<std::size_t> first_defect(std::string_view wal) {
  std::size_t at = 0;
  std::size_t record_start = 0;
  bool within = false;  // a record whose last fragment has not come
  while (at < wal.size()) {
    const std::size_t left_in_block = kBlockBytes - at % kBlockBytes;
    if (left_in_block < kHeaderBytes) {
      at += left_in_block;
      continue;
    }
    if (!within) record_start = at;
    const auto length = payload_length(wal.substr(at, left_in_block));
    if (!length) return record_start;
    const auto type = static_cast<std::uint8_t>(wal[at + 6]);
    if (within != (type == kMiddle || type == kLast)) return record_start;
    within = type == kFirst || type == kMiddle;
    at += kHeaderBytes + *length;
  }
  return within ? std::optional(record_start) : std::nullopt;
}

std::vector<std::filesystem::path> wals_of(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ".log") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);  // Numbers stand with leading zeros.
  return paths;
}

}  // namespace

std::optional<WalDefect> scan_wals(const std::filesystem::path& directory) {
  for (const auto& path : wals_of(directory)) {
    std::ifstream file(path, std::ios::binary);
    const std::string wal{std::istreambuf_iterator<char>(file), {}};
    if (const auto at = first_defect(wal)) return WalDefect{path.string(), *at, wal.size() - *at};
  }
  return std::nullopt;
}

}  // namespace daybook::eventstore
