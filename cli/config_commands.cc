#include "cli/config_commands.h"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <iostream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "cli/config_text.h"
#include "cli/exit_codes.h"
#include "cli/setting_flags.h"
#include "cli/table.h"

namespace daybook::cli {
namespace {

using json = nlohmann::ordered_json;
using Origin = SettledSetting::Origin;

std::string_view name_of(Origin origin) {
  switch (origin) {
    case Origin::kFile:
      return "file";
    case Origin::kEnvironment:
      return "environment";
    case Origin::kFlag:
      return "flag";
    case Origin::kDefault:
      break;
  }
  return "default";
}

// A secret shows whether it is set, and no more.
std::string shown_value(const SettledSetting& settled) {
  const bool is_hidden = settled.setting->is_secret && !settled.value.text.empty();
  return is_hidden ? "(hidden)" : settled.value.text;
}

void show(const Settings& settings, Output output) {
  const Row header{"name", "value", "origin", "source"};
  std::vector<Row> rows;
  for (const SettledSetting& settled : settings.all()) {
    rows.push_back({std::string(settled.setting->name), shown_value(settled), std::string(name_of(settled.origin)),
                    settled.source});
  }
  if (output != Output::kJson) return show_rows(header, rows, output);
  json all = json::array();
  for (const Row& row : rows) {
    json members;
    for (std::size_t i = 0; i < header.size(); ++i) members[header[i]] = row[i];
    all.push_back(std::move(members));
  }
  std::cout << all.dump(2) << '\n';
}

void write_template(const std::string& file) {
  const std::string text = config_template();
  if (file.empty()) {
    std::cout << text;
    return;
  }
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0 && errno == EEXIST) {
    throw std::runtime_error(file + " is there already; give another name, or remove it first");
  }
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "cannot write " + file);
  const bool is_whole = write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (close(descriptor) != 0 || !is_whole) throw std::runtime_error("cannot write " + file + "; see the free space");
  std::cout << file << '\n';
}

void add_show(CLI::App& config) {
  auto given = std::make_shared<GivenSettings>();
  auto output = std::make_shared<Output>(Output::kTable);
  CLI::App* command = config.add_subcommand("show", "Print every setting with its value and where that came from");
  command->footer("  daybook config show --data /srv/daybook\n  DAYBOOK_THREADS=4 daybook config show --output json");
  add_output_option(*command, *output);
  add_setting_flags(*command, *given);
  command->callback([given, output] { show(Settings(*given), *output); });
}

}  // namespace

void add_config_commands(CLI::App& app) {
  CLI::App* config = app.add_subcommand("config", "Write, show and check the server's settings");
  config->require_subcommand(1);
  auto file = std::make_shared<std::string>();
  CLI::App* init = config->add_subcommand("init", "Print a file of settings with every default, or write it");
  init->footer("  daybook config init /srv/daybook/daybook.toml");
  init->add_option("FILE", *file, "Where to write it; an existing file is not replaced");
  init->callback([file] { write_template(*file); });
  add_show(*config);

  auto given = std::make_shared<GivenSettings>();
  CLI::App* validate = config->add_subcommand("validate", "Check the settings without starting the server");
  validate->footer("  daybook config validate --config daybook.toml");
  add_setting_flags(*validate, *given);
  validate->callback([given] {
    const Settings settings(*given);
    std::cout << "the settings are good; "
              << (settings.file().empty() ? "there is no file of settings" : settings.file().string()) << '\n';
  });
  CLI::App* reference = config->add_subcommand("reference", "Print the table of docs/configuration.md");
  reference->group("");
  reference->callback([] { std::cout << config_reference(); });
}

}  // namespace daybook::cli
