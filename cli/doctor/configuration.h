#pragma once

#include "cli/doctor/report.h"
#include "cli/settings.h"

namespace daybook::cli {

/// The settings as `daybook serve` would take them, but for those of the last start (last_start.h), which are named:
/// what is wrong with them, and what is missing beside a mail server.
Checks check_configuration(const Settings& settings, const std::vector<std::string>& of_last_start);

}  // namespace daybook::cli
