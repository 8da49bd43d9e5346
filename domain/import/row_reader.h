#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/import/import_plan.h"

namespace daybook::domain {

struct ImportCell {
  std::string_view text;  // trimmed; empty: no value
  bool from_file = true;  // else it comes from defaults or values
};

/// One row. Views stay valid until the reader's next call.
struct ImportRow {
  std::uint64_t row = 0;          // of the record; the header is row 1
  std::size_t surplus = 0;        // cells beyond the header: the row is in error
  std::vector<ImportCell> cells;  // one for each of ImportPlan::fields
};

/// The rows of a planned import: per field the cell, or the default where it is empty, or what `values` makes of it.
/// Not thread-safe; the plan must outlive the reader.
class ImportReader {
 public:
  ImportReader(const ImportPlan& plan, ByteSource source) : plan_(plan), csv_(std::move(source), plan.csv) {}

  /// The next row behind the header; false at the end.
  std::expected<bool, CsvError> next(ImportRow& row);
  /// The row's record as the file has it, for the report of failed rows.
  const CsvRecord& record() const { return record_; }
  /// How far into the file the reader is, of ImportPlan::bytes.
  std::uint64_t byte() const { return csv_.byte(); }

 private:
  ImportCell cell(const PlannedField& field) const;

  const ImportPlan& plan_;
  CsvReader csv_;
  CsvRecord record_;
};

/// The text of a field, empty where the plan has no such field.
std::string_view text_of(const ImportPlan& plan, const ImportRow& row, std::string_view field);
/// A cell of a date or amount field in the column's format; nothing when it is not one (also when it is empty).
std::optional<CalendarTime> date_of(const PlannedField& field, const ImportCell& cell);
std::optional<WrittenAmount> amount_of(const PlannedField& field, const ImportCell& cell);

}  // namespace daybook::domain
