#include "domain/import/column_judgement.h"

#include <string>

namespace daybook::domain {
namespace {

template <typename Format>
std::string why(const ColumnVerdict<Format>& verdict, const std::string& header, const std::string& choices) {
  const std::string start = "The column " + header.substr(0, 200) + " can be read in two ways: ";
  if (verdict.doubt == ColumnDoubt::kContradictory) {
    return start + "row " + std::to_string(verdict.row) + " allows only the one, row " +
           std::to_string(verdict.other_row) + " only the other. Say " + choices +
           "; rows that do not fit are skipped.";
  }
  return start + "every value fits both, and row " + std::to_string(verdict.row) + " means something else then. Say " +
         choices + ".";
}

/// The settled format, or a problem at `pointer`.
template <typename Format>
void settle_one(const ColumnVerdict<Format>& verdict, Format& format, const std::string& header,
                const std::string& pointer, const std::string& choices, std::vector<ImportProblem>& problems) {
  if (verdict.format) {
    format = *verdict.format;
  } else if (verdict.doubt != ColumnDoubt::kImpossible) {
    problems.push_back({pointer, "import_needs_options", why(verdict, header, choices)});
  }
}

}  // namespace

ColumnJudgement::ColumnJudgement(ImportPlan& plan, const ImportOptions& options) : plan_(plan) {
  for (std::size_t index = 0; index < plan.fields.size(); ++index) {
    PlannedField& field = plan.fields[index];
    field.date_order = options.date_order.value_or(DateOrder::kIso);
    field.number_format = options.number_format.value_or(NumberFormat::kPoint);
    if (!field.column) continue;
    if (field.type == CellType::kDate && !options.date_order) dates_.push_back({index, {}});
    if (field.type == CellType::kAmount && !options.number_format) amounts_.push_back({index, {}});
  }
}

void ColumnJudgement::feed(const ImportRow& row) {
  const auto judge = [&row](auto& judged) {
    const ImportCell& cell = row.cells[judged.field];
    if (cell.from_file && !cell.text.empty()) judged.column.feed(row.row, cell.text);
  };
  for (Dates& dates : dates_) judge(dates);
  for (Amounts& amounts : amounts_) judge(amounts);
}

std::vector<ImportProblem> ColumnJudgement::settle() {
  std::vector<ImportProblem> problems;
  for (const Dates& dates : dates_) {
    PlannedField& field = plan_.fields[dates.field];
    settle_one(dates.column.verdict(), field.date_order, plan_.header[*field.column], "/date_order",
               "date_order: day_first or month_first", problems);
  }
  for (const Amounts& amounts : amounts_) {
    PlannedField& field = plan_.fields[amounts.field];
    settle_one(amounts.column.verdict(), field.number_format, plan_.header[*field.column], "/number_format",
               "number_format: point (1,234.56) or comma (1.234,56)", problems);
  }
  return problems;
}

}  // namespace daybook::domain
