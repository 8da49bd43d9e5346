#pragma once

#include <filesystem>

#include "cli/doctor/report.h"

namespace daybook::cli {

/// The secrets of a data directory: there, whole, for their owner alone, and made by chance. Of a copy that has not
/// ended, that it is one.
Checks check_keys(const std::filesystem::path& data);

}  // namespace daybook::cli
