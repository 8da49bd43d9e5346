#include "api/errors_page.h"

#include <algorithm>

namespace daybook::api {
namespace {

constexpr std::string_view kHead =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Daybook: errors</title>\n"
    "<meta name=\"viewport\" content=\"width=device-width\"><style>body{font:16px/1.5 system-ui,sans-serif;"
    "max-width:46em;margin:2em auto;padding:0 1em}h2{font-family:monospace;margin-bottom:0}code{background:#8882}"
    "section:target{outline:2px solid #46f;outline-offset:.5em}</style></head><body>\n";

// Text with `code` as elements; what HTML would take as markup is escaped.
std::string inline_html(std::string_view text) {
  std::string out;
  bool in_code = false;
  for (const char c : text) {
    if (c == '`') {
      out += in_code ? "</code>" : "<code>";
      in_code = !in_code;
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      out += c;
    }
  }
  if (in_code) out += "</code>";
  return out;
}

}  // namespace

std::string errors_page(std::string_view markdown) {
  std::string out(kHead);
  bool in_section = false;
  while (!markdown.empty()) {
    const std::size_t end = std::min(markdown.find('\n'), markdown.size());
    const std::string_view line = markdown.substr(0, end);
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
    if (line.starts_with("## ")) {
      const std::string code = inline_html(line.substr(3));
      if (in_section) out += "</section>\n";
      in_section = true;
      out.append("<section id=\"").append(code).append("\"><h2>").append(code).append("</h2>\n");
    } else if (line.starts_with("# ")) {
      out.append("<h1>").append(inline_html(line.substr(2))).append("</h1>\n");
    } else if (!line.empty()) {
      out.append("<p>").append(inline_html(line)).append("</p>\n");
    }
  }
  if (in_section) out += "</section>\n";
  return out + "</body></html>\n";
}

}  // namespace daybook::api
