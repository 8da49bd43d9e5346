#pragma once

#include <optional>

#include "cli/node.h"
#include "eventstore/log.h"

namespace daybook::cli {

/// The key of a workspace as the log holds it, which the right master key opens. Nothing where the log holds none yet,
/// where a process has an embedded one open (it proved the key when it started), and where the log cannot be read:
/// other looks tell of that.
std::optional<eventstore::WrappedKey> wrapped_key_of(const NodeOptions& options, std::optional<long> holder);

}  // namespace daybook::cli
