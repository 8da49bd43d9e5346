#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace daybook::cli {

/// Where `daybook log copy` keeps the keys of a copy, beside where they will be: a data directory without `keys/` is
/// not served.
std::filesystem::path incoming_keys(const std::filesystem::path& data);

/// Why the directory is not to be used, with the remedy: it is a copy that has not ended, whose keys are still
/// incoming. Nothing where it is no such copy.
std::optional<std::string> find_half_copy(const std::filesystem::path& data);

/// Throws std::runtime_error with that. To be called before anything is made in the directory: what takes it for a new
/// one would begin a second log there.
void refuse_half_copy(const std::filesystem::path& data);

}  // namespace daybook::cli
