#include "api/problem.h"

#include "model/json_writer.h"

namespace daybook::api {
namespace {

void add(std::string& out, std::string_view name, std::string_view text) {
  out += out.size() == 1 ? "\"" : ",\"";
  out.append(name) += "\":";
  model::append_json_string(out, text);
}

void add_errors(std::string& out, const std::vector<domain::FieldError>& errors) {
  out += ",\"errors\":[";
  for (const domain::FieldError& error : errors) {
    if (out.back() != '[') out += ',';
    std::string object = "{";
    add(object, "pointer", error.pointer);
    add(object, "code", error.code);
    add(object, "detail", error.detail);
    out += object + "}";
  }
  out += "]";
}

}  // namespace

const std::vector<ErrorCode>& error_codes() {
  static const std::vector<ErrorCode> kCodes{
      {"malformed_request", 400, "The request is not valid HTTP"},
      {"malformed_json", 400, "The body is not valid JSON"},
      {"unknown_parameter", 400, "A query parameter is not known"},
      {"invalid_parameter", 400, "A query parameter is not valid"},
      {"invalid_cursor", 400, "The cursor is not valid here"},
      {"as_of_not_supported", 400, "This cannot be read as of an earlier time"},
      {"unauthenticated", 401, "The credential is missing or not valid"},
      {"forbidden", 403, "The credential does not allow this"},
      {"entitlement_required", 403, "The workspace's plan does not include this"},
      {"limit_reached", 403, "A limit of the workspace's plan is reached"},
      {"not_found", 404, "There is no such thing"},
      {"method_not_allowed", 405, "The method is not allowed here"},
      {"not_acceptable", 406, "No form of the answer is acceptable"},
      {"request_timeout", 408, "The request took too long to arrive"},
      {"email_taken", 409, "Another record has this e-mail address"},
      {"name_taken", 409, "Another record has this name"},
      {"slug_taken", 409, "Another workspace has this slug"},
      {"merged", 409, "The contact was merged into another one"},
      {"in_use", 409, "Other records still refer to it"},
      {"stage_in_use", 409, "Deals still stand in the stage"},
      {"request_in_progress", 409, "The same request is still running"},
      {"last_owner", 409, "The workspace needs an owner"},
      {"suppressed", 409, "The contact must not be mailed"},
      {"position_ahead", 409, "The position lies beyond the end"},
      {"import_state", 409, "The import is in another state"},
      {"email_state", 409, "The mail is in another state"},
      {"deleted", 410, "The record is deleted"},
      {"version_mismatch", 412, "The record has changed"},
      {"too_large", 413, "The request is too large"},
      {"uri_too_long", 414, "The target is too long"},
      {"unsupported_media_type", 415, "The body is of another type"},
      {"expectation_failed", 417, "The expectation cannot be met"},
      {"validation_failed", 422, "Some fields are not valid"},
      {"idempotency_key_reused", 422, "The Idempotency-Key was used for another request"},
      {"import_needs_options", 422, "The file cannot be read without further options"},
      {"header_too_large", 431, "The headers are too large"},
      {"internal", 500, "The server failed"},
      {"outcome_unknown", 503, "It is not known whether this was done"},
      {"unavailable", 503, "Nothing was done; try again"},
      {"version_not_supported", 505, "The HTTP version is not served"},
      {"disk_full", 507, "No space is left; nothing was done"},
  };
  return kCodes;
}

const ErrorCode& error_code(std::string_view code) {
  const ErrorCode* fallback = nullptr;
  for (const ErrorCode& known : error_codes()) {
    if (known.code == code) return known;
    if (known.code == "internal") fallback = &known;
  }
  return *fallback;
}

Response problem(const domain::Rejection& rejection, std::string_view request_id, std::string_view instance) {
  const ErrorCode& code = error_code(rejection.code);
  std::string body = "{";
  add(body, "type", "/docs/errors#" + std::string(code.code));
  add(body, "title", code.title);
  body += ",\"status\":" + std::to_string(code.status);
  add(body, "detail", rejection.detail);
  add(body, "instance", instance);
  add(body, "code", code.code);
  add(body, "request_id", request_id);
  if (rejection.existing_id) add(body, "existing_id", rejection.existing_id->text());
  if (rejection.limit) {
    body += ",\"limit\":" + std::to_string(rejection.limit->limit) + ",\"use\":" + std::to_string(rejection.limit->use);
  }
  add_errors(body, rejection.errors);
  Response response;
  response.status = code.status;
  response.set_header("Content-Type", "application/problem+json");
  if (code.status == 503) response.set_header("Retry-After", "1");
  if (code.status == 401) response.set_header("WWW-Authenticate", "Bearer");
  response.body = body + "}";
  return response;
}

Response problem(std::string_view code, std::string_view detail, std::string_view request_id,
                 std::string_view instance) {
  return problem(domain::Rejection{std::string(code), std::string(detail)}, request_id, instance);
}

}  // namespace daybook::api
