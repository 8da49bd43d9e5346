#include "domain/import/row_reader.h"

#include "domain/import/cell_text.h"

namespace daybook::domain {

std::expected<bool, CsvError> ImportReader::next(ImportRow& row) {
  do {
    const std::expected<bool, CsvError> read = csv_.next(record_);
    if (!read || !*read) return read;
  } while (record_.row == 1);
  row.row = record_.row;
  row.surplus = record_.surplus;
  row.cells.clear();
  for (const PlannedField& field : plan_.fields) row.cells.push_back(cell(field));
  return true;
}

ImportCell ImportReader::cell(const PlannedField& field) const {
  ImportCell cell;
  if (field.column) cell.text = trimmed(record_.cells[*field.column]);
  if (cell.text.empty() && field.default_text) cell = {.text = *field.default_text, .from_file = false};
  if (field.values.empty()) return cell;
  const auto found = field.values.find(ascii_lower(cell.text));
  return found == field.values.end() ? cell : ImportCell{.text = found->second, .from_file = false};
}

std::string_view text_of(const ImportPlan& plan, const ImportRow& row, std::string_view field) {
  const PlannedField* planned = plan.find(field);
  return planned == nullptr ? std::string_view()
                            : row.cells[static_cast<std::size_t>(planned - plan.fields.data())].text;
}

std::optional<CalendarTime> date_of(const PlannedField& field, const ImportCell& cell) {
  return parse_date_time(cell.text, cell.from_file ? field.date_order : DateOrder::kIso);
}

std::optional<WrittenAmount> amount_of(const PlannedField& field, const ImportCell& cell) {
  return parse_amount(cell.text, cell.from_file ? field.number_format : NumberFormat::kPoint);
}

}  // namespace daybook::domain
