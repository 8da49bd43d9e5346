#include "consumers/mail/quoted_printable.h"

namespace daybook::consumers {
namespace {

constexpr std::size_t kLineOctets = 76;

// The octet as it stands on the line. White space at a line's end is lost on the way unless it is encoded.
std::string encoded(char c, bool ends_line) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const bool blank = c == ' ' || c == '\t';
  if (blank ? !ends_line : (c > ' ' && c <= '~' && c != '=')) return {c};
  const auto octet = static_cast<unsigned char>(c);
  return {'=', kHex[octet >> 4U], kHex[octet & 15U]};
}

void append_line(std::string& out, std::string_view line) {
  std::size_t column = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const bool last = at + 1 == line.size();
    const std::string piece = encoded(line[at], last);
    // Before the last piece no room is needed for the "=" of a soft line break.
    if (column + piece.size() > (last ? kLineOctets : kLineOctets - 1)) {
      out += "=\r\n";
      column = 0;
    }
    out += piece;
    column += piece.size();
  }
  out += "\r\n";
}

}  // namespace

std::string quoted_printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (end != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
    append_line(out, line);
  }
  return out;
}

}  // namespace daybook::consumers
