#include "cli/config_text.h"

#include "cli/settings.h"

namespace daybook::cli {
namespace {

std::string explained(const Setting& setting) {
  const bool any_text = setting.type == Setting::Type::kText;
  return std::string(setting.help) + (any_text ? "." : "; " + setting.takes() + ".");
}

std::string toml_default(const Setting& setting) {
  using Type = Setting::Type;
  if (setting.type == Type::kNumber || setting.type == Type::kSwitch) return std::string(setting.fallback);
  return "\"" + std::string(setting.fallback) + "\"";
}

}  // namespace

std::string config_template() {
  std::string out =
      "# Settings of a Daybook server. Flags and the environment (DAYBOOK_…) go before what stands here; what is in\n"
      "# comments has its default. `daybook config show` prints what counts, `daybook config validate` checks it.\n";
  std::string_view group;
  for (const Setting& setting : all_settings()) {
    if (setting.group != group) out += "\n# --- " + std::string(setting.group) + "\n";
    group = setting.group;
    out += "\n# " + explained(setting) + "\n#" + std::string(setting.name) + " = " + toml_default(setting) + "\n";
  }
  return out;
}

std::string config_reference() {
  std::string out;
  std::string_view group;
  for (const Setting& setting : all_settings()) {
    if (setting.group != group) {
      out += std::string(out.empty() ? "" : "\n") + "## " + std::string(setting.group) +
             "\n\n| daybook.toml | flag | environment | default | what it is |\n|---|---|---|---|---|\n";
    }
    group = setting.group;
    const std::string fallback = setting.fallback.empty() ? "none" : "`" + std::string(setting.fallback) + "`";
    out += "| `" + std::string(setting.name) + "` | `" + setting.flag() + "` | `" + setting.variable() + "` | " +
           fallback + " | " + explained(setting) + (setting.is_secret ? " Never shown." : "") + " |\n";
  }
  return out;
}

}  // namespace daybook::cli
