#include "domain/import/cell_text.h"

#include <algorithm>
#include <array>

namespace daybook::domain {
namespace {

constexpr std::string_view kAsciiSpace = " \t\r\n\v\f";
// U+00A0, U+202F (French thousands, and before AM and PM) and U+2009.
constexpr std::array<std::string_view, 3> kWideSpaces = {"\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89"};

std::size_t space_in_front(std::string_view text) {
  if (!text.empty() && kAsciiSpace.contains(text.front())) return 1;
  const auto wide = std::ranges::find_if(kWideSpaces, [&](std::string_view space) { return text.starts_with(space); });
  return wide == kWideSpaces.end() ? 0 : wide->size();
}

std::size_t space_behind(std::string_view text) {
  if (!text.empty() && kAsciiSpace.contains(text.back())) return 1;
  const auto wide = std::ranges::find_if(kWideSpaces, [&](std::string_view space) { return text.ends_with(space); });
  return wide == kWideSpaces.end() ? 0 : wide->size();
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (const std::size_t size = space_in_front(text)) text.remove_prefix(size);
  while (const std::size_t size = space_behind(text)) text.remove_suffix(size);
  return text;
}

std::string ascii_lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

bool looks_like_formula(std::string_view cell) {
  const std::size_t first = cell.find_first_not_of('\'');
  return first != std::string_view::npos && std::string_view("=+-@\t\r").contains(cell[first]);
}

std::string pointer_token(std::string_view token) {
  std::string escaped;
  for (const char c : token) {
    if (c == '~') {
      escaped += "~0";
    } else if (c == '/') {
      escaped += "~1";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace daybook::domain
