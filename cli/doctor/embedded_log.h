#pragma once

#include <functional>
#include <optional>

#include "cli/doctor/report.h"
#include "cli/node.h"

namespace daybook::cli {

/// The embedded log. One that nobody has open is opened read-only, and found what a start would find. Of one that a
/// server has open the high-water mark is read, and held against the end that `server_end` asks it for.
Checks check_embedded_log(const NodeOptions& options, std::optional<long> holder,
                          const std::function<std::optional<std::uint64_t>()>& server_end);

}  // namespace daybook::cli
