#pragma once

#include <string>

#include "cli/settings.h"

namespace daybook::cli {

/// `daybook doctor` with these flags and --url, as a shell takes it. A secret is not repeated: @FILE stands in its
/// place.
std::string doctor_command_line(const GivenSettings& given, const std::string& url);

}  // namespace daybook::cli
