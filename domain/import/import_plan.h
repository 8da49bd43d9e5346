#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/import/byte_source.h"
#include "domain/import/csv_reader.h"
#include "domain/import/header_match.h"
#include "domain/import/import_options.h"

namespace daybook::domain {

/// One field that the import fills: from a column, from the default, or from both.
struct PlannedField {
  std::string name;
  CellType type = CellType::kText;
  std::optional<std::size_t> column{};
  std::optional<std::string> default_text{};          // of empty cells
  FieldTexts values{};                                // text as ascii_lower(trimmed(…)) → value
  DateOrder date_order = DateOrder::kIso;             // of kDate
  NumberFormat number_format = NumberFormat::kPoint;  // of kAmount
};

/// How a file will be read, decided over the whole of it, and what people see before they agree.
struct ImportPlan {
  ImportKind kind = ImportKind::kContacts;
  CsvFormat csv{};
  std::uint64_t bytes = 0;
  std::vector<std::string> header{};
  std::vector<PlannedField> fields{};  // in the order of import_fields()
  std::vector<UnmappedColumn> unmapped{};
  std::vector<ImportProfile> profiles{};            // of contacts: every row must serve one of them; see row_serves()
  std::uint64_t rows = 0;                           // records behind the header
  std::vector<std::vector<std::string>> preview{};  // the first ten, cells as the file has them
  std::vector<ImportProblem> warnings{};

  const PlannedField* find(std::string_view field) const;
};

inline constexpr std::size_t kPreviewRows = 10;

/// Reads the file twice, in bounded memory, and decides encoding, delimiter, mapping and the formats of date and amount
/// columns. Texts in `options.defaults` and `options.values` are written plainly (ISO dates, decimal point) whatever
/// the file's own format is. Nothing of the options is acted upon beyond that. Problems, as many as there are: options
/// that name unknown fields or headers, missing columns, undecidable columns, a file that cannot be read (then that one
/// alone).
std::expected<ImportPlan, std::vector<ImportProblem>> build_plan(ImportKind kind, const OpenSource& open,
                                                                 const ImportOptions& options);

}  // namespace daybook::domain
