#pragma once

#include <string>

namespace daybook::cli {

/// A daybook.toml with every setting in comments, each with its help, its bounds and its default.
std::string config_template();

/// The settings as the Markdown tables of docs/configuration.md.
std::string config_reference();

}  // namespace daybook::cli
