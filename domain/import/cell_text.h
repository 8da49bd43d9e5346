#pragma once

#include <string>
#include <string_view>

namespace daybook::domain {

/// The text without white space at either end: ASCII's, and the no-break and thin spaces (U+00A0,
/// U+202F, U+2009) that spreadsheets leave behind.
std::string_view trimmed(std::string_view text);

/// ASCII letters in lower case; all other bytes as they are.
std::string ascii_lower(std::string_view text);

/// Would a spreadsheet run this cell as a formula, or is it such a cell behind any number of apostrophes? Such cells
/// get one `'` in front when written and lose one when read, so every text comes back as it was.
/// owasp.org/www-community/attacks/CSV_Injection
bool looks_like_formula(std::string_view cell);

/// One token of an RFC 6901 pointer, with `~` and `/` escaped.
std::string pointer_token(std::string_view token);

}  // namespace daybook::domain
