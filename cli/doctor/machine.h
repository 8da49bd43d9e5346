#pragma once

#include <optional>

#include "cli/doctor/report.h"
#include "cli/node.h"

namespace daybook::cli {

/// Room on the volume of the data, file descriptors and the clock. The limit on descriptors is that of the process that
/// has the data open, if one has, and otherwise this one's, as a server started from here would have it.
Checks check_machine(const NodeOptions& options, std::optional<long> holder);

}  // namespace daybook::cli
