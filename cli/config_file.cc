#include "cli/config_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <fstream>

#include "cli/exit_codes.h"

namespace daybook::cli {
namespace {

ConfigEntry entry_of(const std::string& name, const toml::node& node) {
  ConfigEntry entry{name, {}, node.source().begin.line, {}};
  if (const auto* text = node.as_string()) {
    entry.text = text->get();
  } else if (const auto* number = node.as_integer()) {
    entry.text = std::to_string(number->get());
  } else if (const auto* truth = node.as_boolean()) {
    entry.text = truth->get() ? "true" : "false";
  } else {
    entry.problem = "give a text or a whole number; there are no tables and lists here";
  }
  return entry;
}

}  // namespace

std::vector<ConfigEntry> read_config_file(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw UsageError(file.string() + " cannot be read; check its name and permissions");
  try {
    std::vector<ConfigEntry> entries;
    for (const auto& [key, node] : toml::parse(in, file.string())) {
      entries.push_back(entry_of(std::string(key.str()), node));
    }
    std::ranges::sort(entries, {}, &ConfigEntry::line);
    return entries;
  } catch (const toml::parse_error& error) {
    throw UsageError(file.string() + " line " + std::to_string(error.source().begin.line) +
                     " is no TOML: " + std::string(error.description()));
  }
}

}  // namespace daybook::cli
