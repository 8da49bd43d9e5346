#pragma once

#include <cstddef>
#include <string_view>

namespace daybook::model {

/// The two sides of an address as browsers check `input type=email` (HTML Living Standard, valid e-mail address): ASCII
/// only. Whole addresses, with their international domains, are in model/text.h.

/// RFC 5321 §4.5.3.1.3, less the angle brackets.
inline constexpr std::size_t kEmailOctets = 254;

bool is_local_part(std::string_view local);
/// Labels of letters, digits and inner hyphens, at most 63 octets each.
bool is_ascii_domain(std::string_view domain);

}  // namespace daybook::model
