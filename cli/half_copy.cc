#include "cli/half_copy.h"

#include <stdexcept>

namespace daybook::cli {

std::filesystem::path incoming_keys(const std::filesystem::path& data) { return data / "keys.incoming"; }

std::optional<std::string> find_half_copy(const std::filesystem::path& data) {
  if (!std::filesystem::exists(incoming_keys(data)) || std::filesystem::exists(data / "keys")) return std::nullopt;
  return data.string() +
         " is a copy that has not ended; run the same `daybook log copy` again, or delete the directory if the copy is "
         "not wanted";
}

void refuse_half_copy(const std::filesystem::path& data) {
  if (const auto half = find_half_copy(data)) throw std::runtime_error(*half);
}

}  // namespace daybook::cli
