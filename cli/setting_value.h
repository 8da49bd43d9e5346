#pragma once

#include <expected>
#include <string>

#include "cli/settings.h"

namespace daybook::cli {

/// The value that a text is for this setting, or what to give instead.
std::expected<SettingValue, std::string> read_setting(const Setting& setting, const std::string& text);

}  // namespace daybook::cli
