#include "api/server/target.h"

#include <algorithm>
#include <string>

namespace daybook::api {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool has_dot_segment(std::string_view path) {
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find_first_of("/\\", begin), path.size());
    const std::string_view segment = path.substr(begin, end - begin);
    if (segment == "." || segment == "..") return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

std::optional<std::string_view> find_target_fault(std::string_view target) {
  if (!target.starts_with('/')) return "The request target must be a path that starts with '/'.";
  if (!std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7f; }))
    return "The request target holds a space, a control character or a byte outside ASCII; percent-encode it.";
  if (target.contains('#')) return "The request target holds a fragment.";
  const std::size_t mark = std::min(target.find('?'), target.size());
  const auto path = percent_decode(target.substr(0, mark));
  const auto query = percent_decode(target.substr(mark));
  if (!path || !query) return "The request target holds '%' without two hexadecimal digits.";
  if (std::ranges::any_of(*path, is_control) || query->contains('\0'))
    return "The request target holds an encoded control character.";
  if (target.substr(0, mark).contains('\\')) return "The request path holds a backslash.";
  if (has_dot_segment(*path)) return "The request path holds a '.' or '..' segment.";
  return std::nullopt;
}

}  // namespace daybook::api
