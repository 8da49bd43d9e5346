#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace daybook::cli {

/// Help with the examples (a command's footer) first; every command that is added afterwards has it too.
void use_examples_first(CLI::App& app);

/// `help [COMMAND…]`: the same as --help, as people also ask for it.
void add_help(CLI::App& app);

/// What is wrong with the command line, with the nearest name where one was mistyped, and where to read more.
std::string usage_text(const CLI::App& app, const CLI::ParseError& error);

}  // namespace daybook::cli
