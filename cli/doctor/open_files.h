#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace daybook::cli {

/// How many files a process may have open, in the text of /proc/PID/limits (proc(5)); nothing where it is not there, or
/// unlimited.
std::optional<std::uint64_t> open_files_limit(std::string_view limits);

/// Whether a process has a file open that stood in the directory and was deleted since; false where its files may not
/// be seen (proc(5), /proc/PID/fd).
bool holds_deleted_files(long pid, const std::filesystem::path& directory);

}  // namespace daybook::cli
