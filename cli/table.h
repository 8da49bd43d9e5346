#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace daybook::cli {

/// How a command shows what it found: for people, for programs, for spreadsheets.
enum class Output : std::uint8_t { kTable, kJson, kCsv };

/// `--output table|json|csv`; a table is the default.
void add_output_option(CLI::App& command, Output& output);

using Row = std::vector<std::string>;

/// Rows under their header on stdout, as a table or as CSV (RFC 4180, no guard against formulas: it is for programs).
/// An empty cell shows as - in a table; long cells are cut there, and control characters become spaces.
void show_rows(const Row& header, const std::vector<Row>& rows, Output output, bool with_header = true);

}  // namespace daybook::cli
