#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/server/message.h"

namespace daybook::api {

// Whether the Accept-Encoding of a request allows gzip (RFC 9110 §12.5.3).
bool accepts_gzip(const Request& request);

// Whether an answer gains by compression: more than 1 KB of text, JSON, CSV, YAML, XML or JavaScript, not yet encoded.
bool is_worth_gzip(const Response& response);

// The text as one gzip member (RFC 1952); nothing if it does not get shorter.
std::optional<std::string> gzip(std::string_view text);

}  // namespace daybook::api
