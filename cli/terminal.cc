#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <string_view>

#include "cli/environment.h"

namespace daybook::cli {
namespace {

bool has_colors(int descriptor) {
  return is_terminal(descriptor) && !environment("NO_COLOR") && environment("TERM").value_or("dumb") != "dumb";
}

}  // namespace

bool is_terminal(int descriptor) { return isatty(descriptor) == 1; }

std::size_t columns_of(int descriptor) {
  winsize size{};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string colored(const std::string& text, Color color, int descriptor) {
  if (!has_colors(descriptor)) return text;
  return "\x1b[" + std::to_string(static_cast<int>(color)) + "m" + text + "\x1b[0m";
}

std::string bold(const std::string& text, int descriptor) {
  return has_colors(descriptor) ? "\x1b[1m" + text + "\x1b[0m" : text;
}

}  // namespace daybook::cli
