#pragma once

#include <span>
#include <string>
#include <string_view>

namespace daybook::domain {

struct CsvStyle {
  char delimiter = ',';
  bool crlf = true;            // else LF
  bool guard_formulas = true;  // `'` before cells that a spreadsheet would run; CsvReader takes it off again
};

/// Appends one record with its line end to `out`. Cells are quoted only where the reader would otherwise read something
/// else: delimiter, quote, CR, LF, white space at either end, and the lone empty cell, which would be a blank line.
/// Cells are UTF-8 without NUL.
void append_csv_record(std::string& out, std::span<const std::string_view> cells, const CsvStyle& style);

}  // namespace daybook::domain
