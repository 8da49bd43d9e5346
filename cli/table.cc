#include "cli/table.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/terminal.h"
#include "domain/import/csv_writer.h"

namespace daybook::cli {
namespace {

constexpr std::size_t kWidest = 48;  // characters of a cell, but in the last column, behind which nothing stands

// Characters of UTF-8; wide and combining ones count as one.
std::size_t length_of(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

std::string table_cell(const std::string& text, std::size_t widest) {
  if (text.empty()) return "-";
  std::string out;
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80 && ++count > widest) return out + "…";
    out += byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  return out;
}

void show_table(const Row& header, const std::vector<Row>& rows, bool with_header) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < header.size(); ++i) {
    widths.push_back(length_of(header[i]));
    for (const Row& row : rows) widths[i] = std::max(widths[i], length_of(table_cell(row[i], kWidest)));
  }
  const auto line = [&](const Row& cells) {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const bool is_last = i + 1 == cells.size();
      const std::string cell = table_cell(cells[i], is_last ? std::string::npos : kWidest);
      out += cell;
      if (!is_last) out.append(widths[i] + 2 - length_of(cell), ' ');
    }
    return out;
  };
  if (with_header) std::cout << bold(line(header), STDOUT_FILENO) << '\n';
  for (const Row& row : rows) std::cout << line(row) << '\n';
}

void show_csv(const Row& header, const std::vector<Row>& rows, bool with_header) {
  constexpr domain::CsvStyle kStyle{.delimiter = ',', .crlf = false, .guard_formulas = false};
  std::string out;
  const auto add = [&](const Row& row) {
    domain::append_csv_record(out, std::vector<std::string_view>(row.begin(), row.end()), kStyle);
  };
  if (with_header) add(header);
  for (const Row& row : rows) add(row);
  std::cout << out;
}

}  // namespace

void add_output_option(CLI::App& command, Output& output) {
  const auto set = [&output](const std::string& name) {
    output = name == "json" ? Output::kJson : name == "csv" ? Output::kCsv : Output::kTable;
  };
  command.add_option_function<std::string>("--output", set, "table, json or csv")
      ->check(CLI::IsMember({"table", "json", "csv"}))
      ->type_name("NAME")
      ->default_str("table");
}

void show_rows(const Row& header, const std::vector<Row>& rows, Output output, bool with_header) {
  if (output == Output::kCsv) return show_csv(header, rows, with_header);
  show_table(header, rows, with_header);
}

}  // namespace daybook::cli
