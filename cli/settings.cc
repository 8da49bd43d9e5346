#include "cli/settings.h"

#include <algorithm>
#include <system_error>

#include "api/json/suggestion.h"
#include "cli/config_file.h"
#include "cli/environment.h"
#include "cli/exit_codes.h"
#include "cli/setting_value.h"

namespace daybook::cli {
namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : "\n") + line;
  return out;
}

std::string unknown_key(const std::string& name) {
  std::vector<std::string_view> names;
  for (const Setting& setting : all_settings()) names.push_back(setting.name);
  const std::string_view nearest = api::nearest_name(name, names);
  return "there is no setting \"" + name + "\"" +
         (nearest.empty() ? "; `daybook config show` lists them" : "; did you mean \"" + std::string(nearest) + "\"?");
}

// Variables that are nearly those of a setting: slips of the pen. Others may be anybody's, such as Kubernetes' own for
// a service of this name.
std::vector<std::string> mistyped_variables() {
  constexpr std::string_view kPrefix = "DAYBOOK_";
  std::vector<std::string_view> known{"config", "url", "key"};
  for (const Setting& setting : all_settings()) known.push_back(setting.name);
  std::vector<std::string> problems;
  for (const std::string& variable : environment_names(kPrefix)) {
    std::string name = variable.substr(kPrefix.size());
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (std::ranges::find(known, name) != known.end()) continue;
    const auto nearest = std::ranges::find(all_settings(), api::nearest_name(name, known), &Setting::name);
    if (nearest == all_settings().end()) continue;
    problems.push_back("there is no variable " + variable + "; did you mean " + nearest->variable() + "?");
  }
  return problems;
}

// What a setting was given by flag or environment, for the question where the file is.
std::string given_text(const GivenSettings& given, const Setting& setting) {
  const auto flag = given.flags.find(setting.name);
  return flag != given.flags.end() ? flag->second : environment(setting.variable()).value_or("");
}

// 1MiB is 1048576.
std::string plain_text(const SettledSetting& settled) {
  using Type = Setting::Type;
  const Type type = settled.setting->type;
  const bool is_number = type == Type::kNumber || type == Type::kBytes || type == Type::kSwitch;
  return is_number ? std::to_string(settled.value.number) : settled.value.text;
}

std::filesystem::path file_to_read(const GivenSettings& given) {
  std::string config = given.config.empty() ? environment("DAYBOOK_CONFIG").value_or("") : given.config;
  if (!config.empty()) return config;
  const auto data = std::ranges::find(all_settings(), "data", &Setting::name);
  const std::string directory = given_text(given, *data);
  const auto beside = std::filesystem::path(directory) / "daybook.toml";
  std::error_code hidden;  // A directory that this user may not look into is somebody else's to tell of.
  return !directory.empty() && std::filesystem::exists(beside, hidden) ? beside : std::filesystem::path();
}

}  // namespace

Settings::Settings(const GivenSettings& given, IfWrong if_wrong)
    : file_(file_to_read(given)), problems_(mistyped_variables()) {
  using Origin = SettledSetting::Origin;
  for (const Setting& setting : all_settings()) {
    all_.push_back({&setting, {}, Origin::kDefault, "default"});
    settle(setting, std::string(setting.fallback), Origin::kDefault, "default");
  }
  try {
    if (!file_.empty()) read_file(file_);
  } catch (const UsageError& error) {
    problems_.emplace_back(error.what());
  }
  for (const Setting& setting : all_settings()) {
    if (const auto text = environment(setting.variable())) {
      settle(setting, *text, Origin::kEnvironment, setting.variable());
    }
    if (const auto flag = given.flags.find(setting.name); flag != given.flags.end()) {
      settle(setting, flag->second, Origin::kFlag, setting.flag());
    }
  }
  for (const SettledSetting& settled : all_) {
    settled.setting->apply(settled.value, options_);
    if (settled.setting->is_common) {
      options_.node.common_settings.emplace(settled.setting->name, plain_text(settled));
    }
  }
  if (problems_.empty()) check_together();
  if (!problems_.empty() && if_wrong == IfWrong::kThrow) throw UsageError(joined(problems_));
}

void Settings::settle(const Setting& setting, const std::string& text, SettledSetting::Origin origin,
                      std::string source) {
  const auto value = read_setting(setting, text);
  if (!value) {
    const std::string shown = setting.is_secret ? "" : " = \"" + text + "\"";
    problems_.push_back(std::string(setting.name) + shown + " (" + source + ") is not accepted: " + value.error());
    return;
  }
  all_[static_cast<std::size_t>(&setting - all_settings().data())] = {&setting, *value, origin, std::move(source)};
}

void Settings::read_file(const std::filesystem::path& file) {
  for (const ConfigEntry& entry : read_config_file(file)) {
    const std::string source = file.string() + " line " + std::to_string(entry.line);
    const auto setting = std::ranges::find(all_settings(), entry.name, &Setting::name);
    if (setting == all_settings().end()) {
      problems_.push_back(source + ": " + unknown_key(entry.name));
    } else if (!entry.problem.empty()) {
      problems_.push_back(source + ": " + entry.name + " is not accepted: " + entry.problem);
    } else {
      settle(*setting, entry.text, SettledSetting::Origin::kFile, source);
    }
  }
}

void Settings::check_together() {
  const NodeOptions& node = options_.node;
  if (node.log.is_on_kafka && node.log.kafka.brokers.empty()) {
    problems_.push_back(
        "log is \"kafka\" without brokers; give --brokers HOST:PORT, or brokers in the file of settings");
  }
  if (!node.log.is_on_kafka && node.log.kafka.partitions != 1) {
    problems_.push_back("partitions is for a log on Kafka; the embedded log has one, so leave it out");
  }
  if (node.log.is_on_kafka && !node.log.high_water.empty()) {
    problems_.push_back("high_water is for the embedded log; Kafka keeps its own end, so leave it out");
  }
  if (!node.log.is_on_kafka && !node.node_url.empty()) {
    problems_.push_back("node_url is for nodes that share a log on Kafka; give --log kafka, or leave it out");
  }
  if (!node.log.is_on_kafka && !node.peers.empty()) {
    problems_.push_back("peer is for a log on Kafka, which several nodes read; leave it out");
  }
  if (!node.events_topic.empty() && node.log.kafka.brokers.empty()) {
    problems_.push_back(
        "events_topic is on Kafka, and no brokers are named; give --brokers HOST:PORT, or brokers in the file of "
        "settings");
  }
  const auto& kafka = node.log.kafka;
  if (node.events_topic == kafka.records_topic() || node.events_topic == kafka.keys_topic()) {
    problems_.push_back("events_topic = \"" + node.events_topic +
                        "\" is a topic of the log itself; name one of its own, such as " + kafka.prefix + "events");
  }
  if (node.smtp_url.empty()) return;
  if (const auto problem = consumers::check_smtp_options(smtp_of(node))) problems_.push_back("smtp_url: " + *problem);
}

}  // namespace daybook::cli
