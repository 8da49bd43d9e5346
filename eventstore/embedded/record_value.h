#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace daybook::eventstore {

/// How records and keys stand in the database: the key of a record is its offset, 8 bytes big-endian; a value is the
/// bytes followed by the CRC-32C (4 bytes, big-endian) over key and bytes. So a byte flipped anywhere below, or a value
/// served under another key, is found by whoever reads it, even where the database trusts its caches.

std::string record_key(std::uint64_t offset);
/// Nothing unless the key is 8 bytes long.
std::optional<std::uint64_t> offset_of(std::string_view record_key);

std::string checked_value(std::string_view key, std::string_view bytes);
/// The bytes; nothing if they are not what was written. The view points into `value`.
std::optional<std::string_view> bytes_of(std::string_view key, std::string_view value);

}  // namespace daybook::eventstore
