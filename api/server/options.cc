#include "api/server/options.h"

#include <iostream>

namespace daybook::api {

// Nothing is escaped: codes and details of the transport are its own sentences.
Response write_plain_problem(unsigned status, std::string_view code, std::string_view detail) {
  Response response;
  response.status = status;
  response.set_header("Content-Type", "application/problem+json");
  response.body.append(R"({"type":"/docs#)").append(code);
  response.body.append(R"(","title":")").append(reason_phrase(status));
  response.body.append(R"(","status":)").append(std::to_string(status));
  response.body.append(R"(,"code":")").append(code);
  response.body.append(R"(","detail":")").append(detail).append("\"}");
  return response;
}

void log_to_standard_error(std::string_view line) { std::clog << std::string(line) + '\n'; }

}  // namespace daybook::api
