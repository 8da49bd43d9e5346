#pragma once

#include <filesystem>
#include <optional>

#include "cli/doctor/report.h"
#include "eventstore/log.h"

namespace daybook::cli {

/// The secrets of a data directory: there, whole, for their owner alone, and made by chance. The master key opens
/// `wrapped`, a workspace's key, where the log holds one. Of a copy that has not ended, that it is one.
Checks check_keys(const std::filesystem::path& data, const std::optional<eventstore::WrappedKey>& wrapped);

}  // namespace daybook::cli
