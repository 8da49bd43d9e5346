#pragma once

#include <optional>
#include <string>

namespace daybook::cli {

/// A variable of the environment; an empty one counts as not set.
std::optional<std::string> environment(const std::string& name);

}  // namespace daybook::cli
