#pragma once

#include <filesystem>

#include "cli/doctor/report.h"
#include "cli/settings.h"

namespace daybook::cli {

/// What the last start on Kafka recorded in the data directory of these settings (DIR/log/kafka.json), added to the
/// flags for each setting that was given nowhere. Nothing is added where there was none, or where another log was asked
/// for. Throws std::runtime_error with the remedy where the file is damaged.
GivenSettings as_last_started(const GivenSettings& given, const Settings& settings);

/// Where the settings say something else than the last start that the file tells of, and a start would take it.
Checks check_last_start(const Settings& settings);

}  // namespace daybook::cli
