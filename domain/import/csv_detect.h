#pragma once

#include <cstdint>

#include "domain/import/byte_source.h"
#include "domain/import/csv_reader.h"

namespace daybook::domain {

/// What a first pass over a whole file says about it.
struct CsvDetection {
  CsvFormat format;
  std::uint64_t bytes = 0;
};

/// Reads the file once, to its end. A file that is UTF-8 throughout is UTF-8; one wrong byte anywhere makes all of it
/// Windows-1252. The delimiter is the one under which the most of the first records have as many cells as the header;
/// among equals the one with more columns, then tab, `;`, `,`. A file of one column gets one that its values do not
/// use.
CsvDetection detect_csv(ByteSource source);

}  // namespace daybook::domain
