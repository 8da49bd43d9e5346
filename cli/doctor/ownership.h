#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace daybook::cli {

/// The name of a user, or the number where there is none.
std::string user_name(uid_t user);

/// As chmod takes it, such as 0640.
std::string mode_text(mode_t mode);

/// Whether others than the owner may do anything with a file of this mode.
bool is_open_to_others(mode_t mode);

/// Itself, or the directory nearest above it that is there.
std::filesystem::path nearest_existing(const std::filesystem::path& path);

}  // namespace daybook::cli
