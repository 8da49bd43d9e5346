#include "cli/environment.h"

#include <cstdlib>

namespace daybook::cli {

std::optional<std::string> environment(const std::string& name) {
  // Nothing in this process changes the environment.
  const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

}  // namespace daybook::cli
