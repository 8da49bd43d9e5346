#include "cli/doctor/configuration.h"

#include <algorithm>

namespace daybook::cli {
namespace {

const std::string kName = "configuration";

// The remedy of a value stands behind "is not accepted: ".
Check problem_check(const std::string& problem) {
  constexpr std::string_view kRefused = " is not accepted: ";
  const std::size_t at = problem.find(kRefused);
  if (at == std::string::npos && problem.find("; ") == std::string::npos) {
    return failure(kName, problem, "mend that place; daybook config init  # prints a file that is right");
  }
  if (at == std::string::npos || problem.find("; ", at) != std::string::npos) return failure_of(kName, problem);
  return failure(kName, problem.substr(0, at) + " is not accepted", problem.substr(at + kRefused.size()));
}

bool is_default(const Settings& settings, std::string_view name) {
  const auto found =
      std::ranges::find(settings.all(), name, [](const SettledSetting& settled) { return settled.setting->name; });
  return found != settings.all().end() && found->origin == SettledSetting::Origin::kDefault;
}

void add_mail_settings(const Settings& settings, Checks& checks) {
  const NodeOptions& node = settings.options().node;
  if (node.smtp_url.empty()) return;
  const std::string file = settings.file().empty() ? (node.data / "daybook.toml").string() : settings.file().string();
  if (node.public_url.empty()) {
    checks.push_back(warning("public_url", "is not set, so links in mails name the address that the server listens to",
                             "write into " + file + ": public_url = \"https://crm.example.com\""));
  }
  if (is_default(settings, "mail_from")) {
    checks.push_back(warning("mail_from", "is not set, so mails come from " + node.mail_from + ", which others refuse",
                             "write into " + file + ": mail_from = \"daybook@example.com\""));
  }
}

}  // namespace

Checks check_configuration(const Settings& settings, const std::vector<std::string>& of_last_start) {
  Checks checks;
  for (const std::string& problem : settings.problems()) checks.push_back(problem_check(problem));
  if (!checks.empty()) return checks;
  const std::string file = settings.file().empty() ? "there is no file of settings" : settings.file().string();
  std::string names;
  for (const std::string& name : of_last_start) names += (names.empty() ? "; as in the last start: " : ", ") + name;
  checks.push_back(ok(kName, "the settings are good; " + file + names));
  add_mail_settings(settings, checks);
  return checks;
}

}  // namespace daybook::cli
