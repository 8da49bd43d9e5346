#include "cli/doctor/open_files.h"

#include <sstream>
#include <string>

namespace daybook::cli {

std::optional<std::uint64_t> open_files_limit(std::string_view limits) {
  constexpr std::string_view kLabel = "Max open files";
  const std::size_t at = limits.find(kLabel);
  if (at == std::string_view::npos) return std::nullopt;
  std::istringstream in{std::string(limits.substr(at + kLabel.size()))};
  std::uint64_t limit = 0;
  return in >> limit ? std::optional(limit) : std::nullopt;
}

}  // namespace daybook::cli
