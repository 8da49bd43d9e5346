#include "domain/import/header_match.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "domain/import/cell_text.h"

namespace daybook::domain {
namespace {

constexpr std::size_t kListedHeaders = 50;
constexpr std::size_t kListedBytes = 1500;

using ColumnByField = std::map<std::string, std::size_t, std::less<>>;

std::optional<std::size_t> find_header(std::span<const std::string> headers, std::string_view wanted) {
  auto found = std::ranges::find(headers, wanted);
  if (found == headers.end()) {
    found = std::ranges::find(headers, normal_header(wanted),
                              [](const std::string& header) { return normal_header(header); });
  }
  if (found == headers.end()) return std::nullopt;
  return static_cast<std::size_t>(found - headers.begin());
}

/// The columns that the caller chose.
ColumnByField chosen_columns(ImportKind kind, std::span<const std::string> headers, const FieldTexts& columns,
                             std::vector<ImportProblem>& problems) {
  ColumnByField chosen;
  for (const auto& [field, header] : columns) {
    const std::string pointer = "/columns/" + pointer_token(field);
    if (find_import_field(kind, field) == nullptr) {
      problems.push_back({pointer, "unknown_field", "There is no field of that name. Fields: " + listed_fields(kind)});
    } else if (!trimmed(header).empty()) {
      const std::optional<std::size_t> column = find_header(headers, header);
      if (column) {
        chosen.emplace(field, *column);
      } else {
        problems.push_back({pointer, "not_found", "The file has no such column. Columns: " + listed_headers(headers)});
      }
    }
  }
  return chosen;
}

}  // namespace

std::expected<HeaderMatch, std::vector<ImportProblem>> match_headers(ImportKind kind,
                                                                     std::span<const std::string> headers,
                                                                     const FieldTexts& columns) {
  std::vector<ImportProblem> problems;
  ColumnByField by_field = chosen_columns(kind, headers, columns, problems);
  if (!problems.empty()) return std::unexpected(std::move(problems));

  std::set<std::size_t> taken;
  for (const auto& [field, column] : by_field) taken.insert(column);
  HeaderMatch match;
  for (std::size_t column = 0; column < headers.size(); ++column) {
    if (taken.contains(column)) continue;
    const ImportField* field = field_of_header(kind, headers[column]);
    const bool refused = field != nullptr && columns.contains(field->name) && !by_field.contains(field->name);
    if (field != nullptr && !refused && by_field.emplace(field->name, column).second) continue;
    match.unmapped.push_back({column, headers[column], field == nullptr || refused ? "" : std::string(field->name)});
  }
  for (const ImportField& field : import_fields(kind)) {
    const auto found = by_field.find(field.name);
    if (found != by_field.end()) match.mapped.push_back({found->first, found->second});
  }
  return match;
}

std::string listed_headers(std::span<const std::string> headers) {
  std::string list;
  for (std::size_t column = 0; column < headers.size(); ++column) {
    if (column == kListedHeaders || list.size() + headers[column].size() > kListedBytes) return list + ", …";
    if (column != 0) list += ", ";
    list += headers[column];
  }
  return list;
}

std::string listed_fields(ImportKind kind) {
  std::string list;
  for (const ImportField& field : import_fields(kind)) list.append(list.empty() ? "" : ", ").append(field.name);
  return list;
}

}  // namespace daybook::domain
