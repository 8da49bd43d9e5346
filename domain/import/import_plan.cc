#include "domain/import/import_plan.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "domain/import/cell_text.h"
#include "domain/import/column_judgement.h"
#include "domain/import/contact_profile.h"
#include "domain/import/csv_detect.h"
#include "domain/import/row_reader.h"

namespace daybook::domain {
namespace {

using Problems = std::vector<ImportProblem>;

std::unexpected<Problems> unreadable(const CsvError& error) {
  std::string detail =
      "Row " + std::to_string(error.row) + ", byte " + std::to_string(error.byte) + ": " + error.detail;
  return std::unexpected(Problems{{"", "unreadable_file", std::move(detail)}});
}

void append(Problems& problems, Problems more) { std::ranges::move(more, std::back_inserter(problems)); }

/// A text that stands in the options must be what its field holds, in plain form.
bool is_plain(CellType type, std::string_view text) {
  if (text.empty() || type == CellType::kText) return true;
  return type == CellType::kDate ? parse_date_time(text, DateOrder::kIso).has_value()
                                 : parse_decimal(text, NumberFormat::kPoint).has_value();
}

/// Checks one option that belongs to a field, and the text that it puts into cells.
void check_text(ImportKind kind, const std::string& field, std::string_view text, const std::string& pointer,
                Problems& problems) {
  const ImportField* known = find_import_field(kind, field);
  if (known == nullptr) {
    problems.push_back({pointer, "unknown_field", "There is no field of that name. Fields: " + listed_fields(kind)});
  } else if (!is_plain(known->type, text)) {
    problems.push_back({pointer, "invalid_value",
                        known->type == CellType::kDate ? "Write the date as YYYY-MM-DD."
                                                       : "Write the number with a decimal point, such as 1234.56."});
  }
}

Problems check_texts(ImportKind kind, const ImportOptions& options) {
  Problems problems;
  for (const auto& [field, text] : options.defaults) {
    check_text(kind, field, trimmed(text), "/defaults/" + pointer_token(field), problems);
  }
  for (const auto& [field, values] : options.values) {
    const std::string pointer = "/values/" + pointer_token(field);
    if (values.empty()) check_text(kind, field, "", pointer, problems);
    for (const auto& [from, to] : values) {
      check_text(kind, field, trimmed(to), pointer + "/" + pointer_token(from), problems);
    }
  }
  return problems;
}

/// The fields with a column or a default.
std::vector<PlannedField> planned_fields(ImportKind kind, const HeaderMatch& match, const ImportOptions& options) {
  std::vector<PlannedField> fields;
  for (const ImportField& field : import_fields(kind)) {
    PlannedField planned{.name = std::string(field.name), .type = field.type};
    const auto mapped = std::ranges::find(match.mapped, field.name, &MappedColumn::field);
    if (mapped != match.mapped.end()) planned.column = mapped->column;
    const auto text = options.defaults.find(field.name);
    if (text != options.defaults.end() && !trimmed(text->second).empty()) planned.default_text = trimmed(text->second);
    if (!planned.column && !planned.default_text) continue;
    if (const auto values = options.values.find(field.name); values != options.values.end()) {
      for (const auto& [from, to] : values->second) planned.values.emplace(ascii_lower(trimmed(from)), trimmed(to));
    }
    fields.push_back(std::move(planned));
  }
  return fields;
}

Problems missing_columns(ImportPlan& plan, const ImportOptions& options) {
  const std::string headers = listed_headers(plan.header);
  if (plan.kind == ImportKind::kContacts) {
    const auto has = [&plan](std::string_view field) { return plan.find(field) != nullptr; };
    const IdentityParts columns{has("name"), has("first_name"), has("last_name"), has("email")};
    plan.profiles = options.profile == ImportProfile::kAuto ? profiles_served(columns) : std::vector{options.profile};
    return missing_for_profile(columns, options.profile, headers);
  }
  Problems problems;
  for (const std::string field : {"title", "value", "stage"}) {
    if (plan.find(field) != nullptr) continue;
    problems.push_back({"/columns/" + field, "import_needs_options",
                        "No column holds the " + field + " of the deals. Name it in columns." + field +
                            ", or give one value for all in defaults." + field + ". Columns: " + headers});
  }
  return problems;
}

/// Reads the header and maps it.
std::expected<ImportPlan, Problems> plan_header(ImportKind kind, const OpenSource& open, const ImportOptions& options) {
  const CsvDetection detected = detect_csv(open());
  ImportPlan plan{.kind = kind, .csv = detected.format, .bytes = detected.bytes};
  CsvReader reader(open(), plan.csv);
  CsvRecord header;
  const std::expected<bool, CsvError> read = reader.next(header);
  if (!read) return unreadable(read.error());
  if (!*read)
    return unreadable({.code = "empty_file", .row = 1, .byte = 0, .detail = "The file is empty: it has no header."});
  for (const std::string_view cell : header.cells) plan.header.emplace_back(trimmed(cell));

  Problems problems = check_texts(kind, options);
  std::expected<HeaderMatch, Problems> match = match_headers(kind, plan.header, options.columns);
  if (!match) append(problems, std::move(match.error()));
  if (!problems.empty()) return std::unexpected(std::move(problems));
  plan.fields = planned_fields(kind, *match, options);
  plan.unmapped = std::move(match->unmapped);
  return plan;
}

}  // namespace

const PlannedField* ImportPlan::find(std::string_view field) const {
  const auto found = std::ranges::find(fields, field, &PlannedField::name);
  return found == fields.end() ? nullptr : &*found;
}

std::expected<ImportPlan, Problems> build_plan(ImportKind kind, const OpenSource& open, const ImportOptions& options) {
  std::expected<ImportPlan, Problems> plan = plan_header(kind, open, options);
  if (!plan) return plan;
  Problems problems = missing_columns(*plan, options);
  ColumnJudgement judgement(*plan, options);
  ImportReader rows(*plan, open());
  ImportRow row;
  for (;;) {
    const std::expected<bool, CsvError> read = rows.next(row);
    if (!read) return unreadable(read.error());
    if (!*read) break;
    ++plan->rows;
    if (row.surplus == 0) judgement.feed(row);  // else the row is in error, its cells perhaps shifted
    const auto cells = rows.record().cells;
    if (plan->preview.size() < kPreviewRows) plan->preview.emplace_back(cells.begin(), cells.end());
  }
  append(problems, judgement.settle());
  if (!problems.empty()) return std::unexpected(std::move(problems));
  if (plan->csv.encoding == TextEncoding::kWindows1252) {
    plan->warnings.push_back({"", "read_as_windows_1252",
                              "The file is not UTF-8 and was read as Windows-1252. Look at names with accents."});
  }
  for (const UnmappedColumn& column : plan->unmapped) {
    if (column.duplicate_of.empty()) continue;
    plan->warnings.push_back({"", "duplicate_column",
                              "The column " + column.header + " is left out: another one holds the " +
                                  column.duplicate_of + ". Choose it in columns." + column.duplicate_of + " instead."});
  }
  if (plan->find("birthday") != nullptr) {
    plan->warnings.push_back(
        {"", "year_not_kept",
         "Of the dates in birthday the month and the day are kept: a contact has no year of birth."});
  }
  return plan;
}

}  // namespace daybook::domain
