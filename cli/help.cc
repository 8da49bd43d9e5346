#include "cli/help.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "api/json/suggestion.h"
#include "cli/exit_codes.h"

namespace daybook::cli {
namespace {

class ExamplesFirst final : public CLI::Formatter {
 public:
  ExamplesFirst() { column_width(38); }

  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override {
    if (mode == CLI::AppFormatMode::Sub) return make_expanded(app);
    std::string out = app->get_description() + "\n";
    if (!app->get_footer().empty()) out += "\nExamples:\n" + app->get_footer() + "\n\n";
    out += make_usage(app, std::move(name)) + make_positionals(app);
    // A command with commands has no options worth a line before them.
    out += app->get_subcommands(nullptr).empty() ? make_groups(app, mode) : make_subcommands(app, mode);
    if (app->get_parent() == nullptr) {
      out +=
          "\n`daybook COMMAND --help` says more about each.\n"
          "Exit codes: 0 done, 1 refused or failed, 64 wrong usage, 69 server not reachable.\n";
    }
    return out;
  }
};

// The command as far as it was understood.
const CLI::App* deepest(const CLI::App* app) {
  const auto parsed = app->get_subcommands();
  return parsed.empty() ? app : deepest(parsed.back());
}

std::string path_of(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : path_of(*app.get_parent()) + " " + app.get_name();
}

// Names that could have been meant: of options, without their dashes, or of commands that are not hidden.
std::vector<std::string> names_like(const CLI::App& app, bool is_option) {
  std::vector<std::string> names;
  if (is_option) {
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back(name);
    }
  } else {
    for (const CLI::App* command : app.get_subcommands(nullptr)) {
      if (!command->get_group().empty()) names.push_back(command->get_name());
    }
  }
  return names;
}

// Which of the names is meant; words are joined by hyphens here and by underscores where names are compared.
std::string nearest_of(const std::vector<std::string>& names, const std::string& given) {
  std::vector<std::string> compared = names;
  for (std::string& name : compared) std::ranges::replace(name, '-', '_');
  const std::vector<std::string_view> candidates(compared.begin(), compared.end());
  const auto found = std::ranges::find(candidates, api::nearest_name(given, candidates));
  return found == candidates.end() ? "" : names[static_cast<std::size_t>(found - candidates.begin())];
}

std::string not_known(const CLI::App& app, const std::string& given) {
  const bool is_option = given.starts_with("--") && given.size() > 2;
  const std::string name = given.substr(0, is_option ? given.find('=') : std::string::npos);
  const std::vector<std::string> names = names_like(app, is_option);
  if (!is_option && names.empty()) return "\"" + name + "\" is one argument too many";
  const std::string dashes = is_option ? "--" : "";
  const std::string nearest = nearest_of(names, name.substr(dashes.size()));
  return std::string(is_option ? "there is no option " : "there is no command ") + name +
         (nearest.empty() ? "" : "; did you mean " + dashes + nearest + "?");
}

}  // namespace

void use_examples_first(CLI::App& app) { app.formatter(std::make_shared<ExamplesFirst>()); }

void add_help(CLI::App& app) {
  CLI::App* help = app.add_subcommand("help", "Say more about a command");
  auto words = std::make_shared<std::vector<std::string>>();
  help->add_option("COMMAND", *words, "Such as import, or import contacts");
  help->footer("  daybook help import contacts");
  help->callback([&app, words] {
    const CLI::App* command = &app;
    for (const std::string& word : *words) {
      try {
        command = command->get_subcommand(word);
      } catch (const CLI::OptionNotFound&) {
        throw UsageError(not_known(*command, word) + "\nSee `" + path_of(*command) + " --help`.");
      }
    }
    // Not command->help(), which would ask the command that was given: this one.
    std::cout << command->get_formatter()->make_help(command, path_of(*command), CLI::AppFormatMode::Normal);
  });
}

std::string usage_text(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = *deepest(&app);
  const auto left = app.remaining(true);
  return (left.empty() ? std::string(error.what()) : not_known(command, left.front())) + "\nSee `" + path_of(command) +
         " --help`.";
}

}  // namespace daybook::cli
