#pragma once

#include <optional>
#include <string_view>

namespace daybook::api {

// What is wrong with a request target, as a sentence; nothing if it may pass. Passes only origin-form (RFC 9112 §3.2.1)
// of visible ASCII with whole percent-escapes. A path segment that is "." or "..", or a control character, is refused
// in every spelling that a lenient decoder may read as one: percent-encoded, and split at an encoded slash.
std::optional<std::string_view> find_target_fault(std::string_view target);

}  // namespace daybook::api
