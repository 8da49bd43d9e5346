#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace daybook::eventstore {

/// Where a write-ahead log stops making sense.
struct WalDefect {
  std::string file;
  std::uint64_t at_byte = 0;     // where the first bad record begins
  std::uint64_t bytes_left = 0;  // from there to the end of the file
};

/// The first defect in the write-ahead logs of a RocksDB directory, in the order of their numbers; for messages, since
/// RocksDB names neither file nor byte. Reads files only. The format: RocksDB wiki, "Write Ahead Log File Format".
std::optional<WalDefect> scan_wals(const std::filesystem::path& directory);

}  // namespace daybook::eventstore
