#include "eventstore/kafka/key_row.h"

namespace daybook::eventstore {
namespace {

constexpr std::size_t kNumberBytes = 8;
constexpr char kVersion = 1;

void append_number(std::string& out, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift & 0xFF));
}

std::uint64_t read_number(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

}  // namespace

StoredKeyRow write_key_row(const KeyRow& row) {
  StoredKeyRow stored{row.name, {}};
  append_number(stored.key, row.epoch);
  if (row.value) stored.value = std::string(1, kVersion) + *row.value;
  return stored;
}

std::optional<KeyRow> read_key_row(std::string_view key, std::optional<std::string_view> value) {
  if (key.size() < kNumberBytes) return std::nullopt;
  if (value && (value->empty() || value->front() != kVersion)) return std::nullopt;
  const std::string_view name = key.substr(0, key.size() - kNumberBytes);
  KeyRow row{std::string(name), read_number(key.substr(name.size())), std::nullopt};
  if (value) row.value = std::string(value->substr(1));
  return row;
}

std::string write_keys_needed(std::uint64_t position) {
  std::string out;
  append_number(out, position);
  return out;
}

std::optional<std::uint64_t> read_keys_needed(std::string_view key) {
  if (key.empty()) return 0;
  if (key.size() != kNumberBytes) return std::nullopt;
  return read_number(key);
}

}  // namespace daybook::eventstore
