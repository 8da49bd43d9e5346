#pragma once

#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "domain/import/import_fields.h"
#include "domain/import/import_options.h"

namespace daybook::domain {

struct MappedColumn {
  std::string field;
  std::size_t column = 0;  // from 0
  bool operator==(const MappedColumn&) const = default;
};

/// A column that is not imported. Two headers that stand for one field (Phone 1, Phone 2): the first is taken and the
/// other is here with the field's name.
struct UnmappedColumn {
  std::size_t column = 0;
  std::string header;
  std::string duplicate_of;  // a field, or empty
  bool operator==(const UnmappedColumn&) const = default;
};

struct HeaderMatch {
  std::vector<MappedColumn> mapped;  // in the order of import_fields()
  std::vector<UnmappedColumn> unmapped;
};

/// Which column fills which field. What `columns` (field → header, as ImportOptions has it) says goes first: the header
/// as it is written, then as headers are compared; one column may so fill several fields. Other fields take the first
/// column with their name or an alias that is not spoken for.
/// Problems: a field that does not exist (`unknown_field`), a header that the file has not (`not_found`).
std::expected<HeaderMatch, std::vector<ImportProblem>> match_headers(ImportKind kind,
                                                                     std::span<const std::string> headers,
                                                                     const FieldTexts& columns);

/// The headers in one line, for people; cut short when there are many.
std::string listed_headers(std::span<const std::string> headers);
/// The names of all fields of a kind in one line.
std::string listed_fields(ImportKind kind);

}  // namespace daybook::domain
