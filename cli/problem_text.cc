#include "cli/problem_text.h"

#include <nlohmann/json.hpp>

namespace daybook::cli {
namespace {

using nlohmann::json;

// A member that is a text; a null, or something else, is none.
std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::string problem_text(const HttpAnswer& answer) {
  const json body = json::parse(answer.body, nullptr, false);
  const std::string status = std::to_string(answer.status);
  if (!body.is_object() || !body.contains("code")) {
    return "the server answered with status " + status + " and not as Daybook does; is --url right?";
  }
  std::string out = text_of(body, "title") + " (" + status + " " + text_of(body, "code") + ")";
  if (const std::string detail = text_of(body, "detail"); !detail.empty()) out += ": " + detail;
  for (const json& error : body.value("errors", json::array())) {
    out += "\n  " + text_of(error, "pointer") + ": " + text_of(error, "detail");
    if (const std::string code = text_of(error, "code"); !code.empty()) out += " (" + code + ")";
  }
  return out;
}

const std::string& accepted(const HttpAnswer& answer) {
  if (answer.status < 200 || answer.status > 299) throw Refused(problem_text(answer));
  return answer.body;
}

}  // namespace daybook::cli
