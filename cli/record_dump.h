#pragma once

#include "cli/offline.h"

namespace daybook::cli {

/// Prints every record of a stopped server's log as it stands, whether it counts or not, each as one JSON object in one
/// line: `offset`, and `record` in base64. It is what docs/log-format.md is about, for checkers that hold no key.
/// Throws LogDamaged, and std::runtime_error where stdout takes no more.
void dump_records(const OfflineOptions& options);

}  // namespace daybook::cli
