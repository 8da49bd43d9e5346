#pragma once

#include <string_view>

namespace daybook::api {

/// Whether an Accept header (RFC 9110 §12.5.1) takes one of the media types, which stand with commas between them. An
/// empty header takes everything, and so does one that cannot be read.
bool accepts(std::string_view header, std::string_view media_types);

}  // namespace daybook::api
