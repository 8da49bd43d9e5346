#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace daybook::cli {

/// A key of daybook.toml with its value as text.
struct ConfigEntry {
  std::string name;
  std::string text;
  unsigned line = 0;
  std::string problem;  // not empty: it is no text, number or truth
};

/// The entries of a file of settings, which has no tables, in its order. Throws UsageError where it is missing or no
/// TOML.
std::vector<ConfigEntry> read_config_file(const std::filesystem::path& file);

}  // namespace daybook::cli
