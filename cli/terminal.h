#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace daybook::cli {

/// True where somebody looks at the file descriptor.
bool is_terminal(int descriptor);

/// Characters in a line of that terminal; 80 where it does not say.
std::size_t columns_of(int descriptor);

enum class Color : std::uint8_t { kRed = 31, kGreen = 32, kYellow = 33 };  // as ECMA-48, SGR, numbers them

/// `text` in that colour, where `bold` would make it bold.
std::string colored(const std::string& text, Color color, int descriptor);

/// `text` in bold on a terminal that is not dumb and without NO_COLOR (no-color.org), otherwise as it is.
std::string bold(const std::string& text, int descriptor);

}  // namespace daybook::cli
