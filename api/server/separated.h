#pragma once

#include <string_view>

namespace daybook::api {

/// The next element of a list such as `a,b,c`: what stands before the separator, which is taken off `text` with it.
/// Without one it is all of `text`, which is empty then.
std::string_view take_until(char separator, std::string_view& text);

/// Without the blanks and tabs at both ends (OWS, RFC 9110 §5.6.3).
std::string_view trimmed(std::string_view text);

}  // namespace daybook::api
