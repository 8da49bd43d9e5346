#include "api/routes/docs.h"

#include "api/call.h"
#include "api/embedded.h"
#include "api/errors_page.h"

namespace daybook::api {
namespace {

// Pages carry their own styles and script, and speak to this server alone.
constexpr std::string_view kPagePolicy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'";

Handle document(std::string_view type, std::string text) {
  return [type, text = std::move(text)](Call& call) {
    if (!call.allow_parameters({})) return;
    Response response;
    response.set_header("Content-Type", std::string(type));
    response.set_header("X-Content-Type-Options", "nosniff");
    if (type.starts_with("text/html")) response.set_header("Content-Security-Policy", std::string(kPagePolicy));
    response.body = text;
    call.reply(std::move(response));
  };
}

// Who opens the address in a browser finds the reference.
void to_reference(Call& call) {
  if (!call.allow_parameters({})) return;
  Response response;
  response.status = 302;
  response.set_header("Location", "/docs");
  call.reply(std::move(response));
}

}  // namespace

std::vector<Route> docs_routes() {
  return {
      {"GET", "/", "public", to_reference, "text/html"},
      {"GET", "/openapi.yaml", "public", document("application/yaml", std::string(kOpenapiYaml)), "application/yaml"},
      {"GET", "/openapi.json", "public", document("application/json", std::string(kOpenapiJson))},
      {"GET", "/docs", "public", document("text/html; charset=utf-8", std::string(kReferencePage)), "text/html"},
      {"GET", "/docs/errors", "public", document("text/html; charset=utf-8", errors_page(kErrorsText)), "text/html"},
      {"GET", "/llms.txt", "public", document("text/plain; charset=utf-8", std::string(kLlmsText)), "text/plain"},
  };
}

}  // namespace daybook::api
