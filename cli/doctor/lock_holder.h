#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace daybook::cli {

/// A file as the kernel numbers it.
struct FileNumber {
  std::uint32_t major = 0;  // of the device
  std::uint32_t minor = 0;
  std::uint64_t inode = 0;
};

/// The process that holds the file by flock(2), in the text of /proc/locks (proc(5)). Some file systems show another
/// device there than stat(2) gives; a process that the file itself names, `recorded`, is then believed.
std::optional<long> flock_holder(std::string_view locks, const FileNumber& file, std::optional<long> recorded);

/// The process that has the data directory open, a server or a command over its log; nothing where none of this
/// machine's that can be seen from here has. Takes no lock.
std::optional<long> holder_of(const std::filesystem::path& data);

/// "process 4711 (daybook)".
std::string process_text(long pid);

}  // namespace daybook::cli
