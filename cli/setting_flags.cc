#include "cli/setting_flags.h"

#include <CLI/CLI.hpp>

namespace daybook::cli {

void add_setting_flags(CLI::App& command, GivenSettings& given) {
  command
      .add_option("--config", given.config,
                  "File of settings (DAYBOOK_CONFIG); without it daybook.toml in the data directory")
      ->type_name("FILE");
  for (const Setting& setting : all_settings()) {
    if (setting.type == Setting::Type::kSwitch) {
      command
          .add_flag_function(
              setting.flag(),
              [&given, name = std::string(setting.name)](std::int64_t count) {
                given.flags[name] = count > 0 ? "true" : "false";
              },
              std::string(setting.help))
          ->group(std::string(setting.group));
      continue;
    }
    command
        .add_option_function<std::string>(
            setting.flag(),
            [&given, name = std::string(setting.name)](const std::string& text) { given.flags[name] = text; },
            std::string(setting.help))
        ->type_name(std::string(setting.placeholder()))
        ->default_str(std::string(setting.fallback))
        ->take_last()
        ->group(std::string(setting.group));
  }
}

}  // namespace daybook::cli
