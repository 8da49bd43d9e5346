#pragma once
#include <string>
#include <string_view>

namespace daybook::consumers {

// Text as quoted-printable, RFC 2045 section 6.7: ASCII lines of at most 76 octets, every line ended by CRLF. LF and
// CRLF both are a line end of the text; a CR alone, a NUL and any octet outside printable ASCII become "=XX".
// Never holds "=_", so a MIME boundary with that in it cannot occur inside.
std::string quoted_printable(std::string_view text);

}  // namespace daybook::consumers
