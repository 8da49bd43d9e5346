#pragma once

#include <filesystem>
#include <optional>

#include "cli/doctor/report.h"

namespace daybook::cli {

/// False where the directory is there and belongs to another user than this one, or is closed: what is seen of it then
/// would be taken for missing or damaged.
bool can_look_into(const std::filesystem::path& data);

/// Whether the directory is there or can be made, whose it is and who may look into it, and which process has it open;
/// whether it holds read models, which are made anew where it does not.
Checks check_data_directory(const std::filesystem::path& data, std::optional<long> holder);

}  // namespace daybook::cli
