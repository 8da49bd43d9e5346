#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace daybook::api {

/// The candidate nearest to a mistyped `name` (optimal string alignment distance, at most a third of its length), or an
/// empty view. Names beyond 64 bytes have none.
std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& candidates);

}  // namespace daybook::api
