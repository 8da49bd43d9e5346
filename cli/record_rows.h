#pragma once

#include <string>

#include "cli/table.h"

namespace daybook::cli {

/// Shows a page `{"data":[…],"next_cursor":…}`: whole with --output json, otherwise its records' columns. Gives the
/// next page's cursor, or an empty text.
std::string show_page(const std::string& page, const Row& columns, Output output, bool with_header = true);

/// Shows one record: whole with --output json, otherwise a line a member.
void show_record(const std::string& record, Output output);

}  // namespace daybook::cli
