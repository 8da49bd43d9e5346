#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "domain/import/date_column.h"
#include "domain/import/number_column.h"

namespace daybook::domain {

/// Which columns an import of contacts needs (domain.md §7), and what each row must hold.
enum class ImportProfile : std::uint8_t { kAuto, kNameAndEmail, kNames, kEmail };

using FieldTexts = std::map<std::string, std::string, std::less<>>;

/// What a caller may say about an import. Parsed at the edge from the JSON of the same names; nothing is checked yet.
struct ImportOptions {
  FieldTexts columns;  // field → header; an empty header leaves the field without a column
  std::map<std::string, FieldTexts, std::less<>> values;  // field → text → value; `stages` is values["stage"]
  FieldTexts defaults;  // field → value of empty cells, and of a column that is missing
  std::optional<DateOrder> date_order;
  std::optional<NumberFormat> number_format;
  std::string currency;  // of amounts that name none; empty: the workspace's
  ImportProfile profile = ImportProfile::kAuto;
  bool match_company = false;
  bool notify = false;
  bool mark_subscribed = false;
  bool operator==(const ImportOptions&) const = default;
};

/// What stands in the way of an import, or a warning about it. Codes: `import_needs_options`, `unknown_field`,
/// `not_found` (a header), `invalid_value`, `unreadable_file`; of warnings: `read_as_windows_1252`.
struct ImportProblem {
  std::string pointer;  // RFC 6901, into the options; empty: the file itself
  std::string code;
  std::string detail;
  bool operator==(const ImportProblem&) const = default;
};

/// The words of the options: iso, day_first, month_first; point, comma; auto, name_and_email, names, email.
std::optional<DateOrder> date_order_named(std::string_view name);
std::optional<NumberFormat> number_format_named(std::string_view name);
std::optional<ImportProfile> import_profile_named(std::string_view name);
std::string_view name_of(DateOrder order);
std::string_view name_of(NumberFormat format);
std::string_view name_of(ImportProfile profile);

}  // namespace daybook::domain
