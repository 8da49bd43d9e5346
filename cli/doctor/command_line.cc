#include "cli/doctor/command_line.h"

namespace daybook::cli {
namespace {

std::string quoted(const std::string& text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:,@%+=";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string flag_text(const Setting& setting, const std::string& text) {
  if (setting.type == Setting::Type::kSwitch) return setting.flag() + (text == "true" ? "" : "=false");
  const bool is_shown = !setting.is_secret || text.starts_with('@');
  return setting.flag() + " " + (is_shown ? quoted(text) : "@FILE");
}

}  // namespace

std::string doctor_command_line(const GivenSettings& given, const std::string& url) {
  std::string line = "daybook doctor";
  if (!given.config.empty()) line += " --config " + quoted(given.config);
  for (const Setting& setting : all_settings()) {
    const auto flag = given.flags.find(setting.name);
    if (flag != given.flags.end()) line += " " + flag_text(setting, flag->second);
  }
  return url.empty() ? line : line + " --url " + quoted(url);
}

}  // namespace daybook::cli
