#include "domain/import/person_name.h"

#include <algorithm>
#include <array>

#include "domain/import/cell_text.h"

namespace daybook::domain {
namespace {

std::string squeezed(std::string_view text) {
  std::string out;
  for (text = trimmed(text); !text.empty();) {
    const std::string_view rest = trimmed(text);
    if (rest.size() != text.size()) out += ' ';
    out += rest.front();
    text = rest.substr(1);
  }
  return out;
}

bool is_suffix(std::string_view text) {
  constexpr std::array<std::string_view, 9> kSuffixes = {"jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "esq"};
  std::string plain = ascii_lower(text);
  std::erase(plain, '.');
  return std::ranges::find(kSuffixes, plain) != kSuffixes.end();
}

std::string_view without_outer_commas(std::string_view text) {
  const std::size_t first = text.find_first_not_of(", ");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(", ") - first + 1);
}

PersonName split_at_last_space(std::string_view name) {
  const std::size_t space = name.rfind(' ');
  if (space == std::string_view::npos) return {.first = std::string(name), .last = {}};
  return {.first = std::string(name.substr(0, space)), .last = std::string(name.substr(space + 1))};
}

}  // namespace

PersonName split_name(std::string_view name) {
  const std::string squeezed_name = squeezed(name);
  const std::string_view text = without_outer_commas(squeezed_name);
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return split_at_last_space(text);

  const std::string_view before = trimmed(text.substr(0, comma));
  const std::string_view after = without_outer_commas(text.substr(comma + 1));
  if (!is_suffix(after)) return {.first = std::string(after), .last = std::string(before)};
  PersonName split = split_at_last_space(before);
  (split.last.empty() ? split.first : split.last).append(", ").append(after);
  return split;
}

}  // namespace daybook::domain
