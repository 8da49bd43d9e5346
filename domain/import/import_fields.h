#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/schema.h"

namespace daybook::domain {

enum class ImportKind : std::uint8_t { kContacts, kDeals };

/// How the cells of a field are read. Dates and amounts are judged over the whole column; all else is the domain's.
enum class CellType : std::uint8_t { kText, kDate, kAmount };

/// A field that an import can fill (domain.md §7), and the headers under which other programs export it, HubSpot and
/// Pipedrive among them.
struct ImportField {
  std::string_view name;
  CellType type = CellType::kText;
  std::string_view aliases;  // normal headers with a space between them; the name itself is always known
};

/// The fields of a kind, in the order in which rows give them: those with a table of headers, then every other plain
/// field of the record under its own name, so that a new field is imported without another line.
std::span<const ImportField> import_fields(ImportKind kind);
/// The field of that exact name, or null.
const ImportField* find_import_field(ImportKind kind, std::string_view name);
/// The field that a header stands for, or null.
const ImportField* field_of_header(ImportKind kind, std::string_view header);

/// Whether one cell holds the field as it stands: one value that anyone may set, and no id, amount or object.
bool is_plain_cell(const model::Field& field);

/// A header as headers are compared: ASCII letters in lower case, without white space, `_` and `-`.
std::string normal_header(std::string_view header);

}  // namespace daybook::domain
