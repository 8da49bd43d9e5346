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

bool holds_deleted_files(long pid, const std::filesystem::path& directory) {
  namespace fs = std::filesystem;
  constexpr std::string_view kDeleted = " (deleted)";
  std::error_code error;
  const std::string within = fs::weakly_canonical(directory, error).string() + "/";
  const fs::path files = "/proc/" + std::to_string(pid) + "/fd";
  for (fs::directory_iterator entry(files, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code is_closed;
    const std::string link = fs::read_symlink(entry->path(), is_closed);
    if (link.starts_with(within) && link.ends_with(kDeleted)) return true;
  }
  return false;
}

}  // namespace daybook::cli
