#pragma once

#include <string>

#include "cli/http_client.h"

namespace daybook::cli {

/// The server said no; its text has the problem's detail and every field error. Exit code 1.
class Refused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What a refusal says (RFC 9457): its detail, and a line for each field error.
std::string problem_text(const HttpAnswer& answer);

/// The body of an answer that is no refusal; throws Refused otherwise.
const std::string& accepted(const HttpAnswer& answer);

}  // namespace daybook::cli
