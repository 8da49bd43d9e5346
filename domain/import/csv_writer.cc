#include "domain/import/csv_writer.h"

#include "domain/import/cell_text.h"

namespace daybook::domain {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool needs_quotes(std::string_view cell, char delimiter, bool alone) {
  if (cell.empty()) return alone;
  if (is_blank(cell.front()) || is_blank(cell.back())) return true;
  return cell.contains(delimiter) || cell.find_first_of("\"\r\n") != std::string_view::npos;
}

void append_quoted(std::string& out, std::string_view cell) {
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
}

void append_cell(std::string& out, std::string_view cell, const CsvStyle& style, bool alone) {
  const bool quotes = needs_quotes(cell, style.delimiter, alone);
  if (quotes) out += '"';
  if (style.guard_formulas && looks_like_formula(cell)) out += '\'';
  append_quoted(out, cell);
  if (quotes) out += '"';
}

}  // namespace

void append_csv_record(std::string& out, std::span<const std::string_view> cells, const CsvStyle& style) {
  bool first = true;
  for (const std::string_view cell : cells) {
    if (!first) out += style.delimiter;
    first = false;
    append_cell(out, cell, style, cells.size() == 1);
  }
  out += style.crlf ? "\r\n" : "\n";
}

}  // namespace daybook::domain
