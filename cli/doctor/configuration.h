#pragma once

#include "cli/doctor/report.h"
#include "cli/settings.h"

namespace daybook::cli {

/// The settings as `daybook serve` would take them: what is wrong with them, and what is missing beside a mail server.
Checks check_configuration(const Settings& settings);

}  // namespace daybook::cli
