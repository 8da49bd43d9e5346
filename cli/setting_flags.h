#pragma once

#include "cli/settings.h"

namespace CLI {
class App;
}

namespace daybook::cli {

/// A flag for every setting, and --config. What is given lands in `given`, which outlives the parsing.
void add_setting_flags(CLI::App& command, GivenSettings& given);

}  // namespace daybook::cli
