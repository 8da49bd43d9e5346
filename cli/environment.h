#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace daybook::cli {

/// A variable of the environment; an empty one counts as not set.
std::optional<std::string> environment(const std::string& name);
/// The names of all variables that begin like this.
std::vector<std::string> environment_names(std::string_view prefix);

}  // namespace daybook::cli
