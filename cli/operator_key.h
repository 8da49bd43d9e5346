#pragma once

#include <filesystem>
#include <string>

namespace daybook::cli {

/// The operator key: one line `dbo_…` in the file, readable by its owner alone, written at the first start. Throws
/// std::runtime_error with the remedy where the file holds something else, or cannot be written.
std::string load_or_create_operator_key(const std::filesystem::path& file);

}  // namespace daybook::cli
