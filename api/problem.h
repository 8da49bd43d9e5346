#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/server/message.h"
#include "domain/result.h"

namespace daybook::api {

/// A stable error code of the interface: its HTTP status and title. docs/errors.md explains each; a test compares the
/// two.
struct ErrorCode {
  std::string_view code;
  unsigned status;
  std::string_view title;
};
const std::vector<ErrorCode>& error_codes();
/// 500 `internal` for a code that is not in the list.
const ErrorCode& error_code(std::string_view code);

/// application/problem+json (RFC 9457) of a rejection. `type` is the code's section of the documentation.
Response problem(const domain::Rejection& rejection, std::string_view request_id, std::string_view instance);
Response problem(std::string_view code, std::string_view detail, std::string_view request_id,
                 std::string_view instance);

}  // namespace daybook::api
