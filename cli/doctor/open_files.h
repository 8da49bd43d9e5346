#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace daybook::cli {

/// How many files a process may have open, in the text of /proc/PID/limits (proc(5)); nothing where it is not there, or
/// unlimited.
std::optional<std::uint64_t> open_files_limit(std::string_view limits);

}  // namespace daybook::cli
