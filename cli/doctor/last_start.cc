#include "cli/doctor/last_start.h"

#include <algorithm>

namespace daybook::cli {
namespace {

using Recorded = std::vector<std::pair<std::string, std::string>>;  // by the name of the setting

Recorded recorded_in(const std::filesystem::path& data) {
  std::error_code hidden;  // A directory that this user may not look into is told of elsewhere.
  if (data.empty() || std::filesystem::exists(data / "log" / "CURRENT", hidden)) return {};
  const LogChoice last = last_choice(data);
  if (!last.is_on_kafka) return {};
  Recorded recorded{{"log", "kafka"},
                    {"brokers", last.kafka.brokers},
                    {"topic_prefix", last.kafka.prefix},
                    {"partitions", std::to_string(last.kafka.partitions)}};
  if (!last.node_url.empty()) recorded.emplace_back("node_url", last.node_url);
  return recorded;
}

const SettledSetting& settled(const Settings& settings, const std::string& name) {
  return *std::ranges::find(settings.all(), name, [](const SettledSetting& each) { return each.setting->name; });
}

bool is_given(const SettledSetting& setting) { return setting.origin != SettledSetting::Origin::kDefault; }

}  // namespace

GivenSettings as_last_started(const GivenSettings& given, const Settings& settings) {
  const NodeOptions& node = settings.options().node;
  GivenSettings more = given;
  if (is_given(settled(settings, "log")) && !node.log.is_on_kafka) return more;
  for (const auto& [name, text] : recorded_in(node.data)) {
    if (!is_given(settled(settings, name))) more.flags[name] = text;
  }
  return more;
}

// The others are told by the look at the log, since a start would be refused.
Checks check_last_start(const Settings& settings) {
  Checks checks;
  if (!settings.options().node.log.is_on_kafka) return checks;
  for (const auto& [name, text] : recorded_in(settings.options().node.data)) {
    const SettledSetting& now = settled(settings, name);
    if ((name != "brokers" && name != "node_url") || now.value.text == text) continue;
    checks.push_back(warning(
        "last start", "it had " + name + " = " + text + ", and here it is " + now.value.text + " (" + now.source + ")",
        "leave it out here for that of the last start, or give it to the server as well"));
  }
  return checks;
}

}  // namespace daybook::cli
