#include "api/routes/contract.h"

#include "api/call.h"
#include "api/documents.h"
#include "api/render.h"

namespace daybook::api {
namespace {

void reply(Call& call, const Document& document) {
  Response response;
  response.set_header("ETag", document.etag);
  if (call.is_cached(document.etag)) {
    response.status = 304;
    return call.reply(std::move(response));
  }
  response.set_header("Content-Type", document.media_type);
  response.set_header("X-Content-Type-Options", "nosniff");
  response.body = document.text;
  call.reply(std::move(response));
}

// {"files":[{"path":…,"media_type":…,"bytes":…}]}
std::string index_of(const Documents& documents) {
  std::string text = "{\"files\":[";
  for (const auto& [path, document] : documents) {
    if (text.back() != '[') text += ',';
    text += "{\"path\":" + json_string("/contract/" + path) + ",\"media_type\":" + json_string(document.media_type) +
            ",\"bytes\":" + std::to_string(document.text.size()) + "}";
  }
  return text + "]}";
}

void index(Call& call) {
  if (!call.allow_parameters({})) return;
  reply(call, documents_of({{"index.json", index_of(call.service().contract())}}).begin()->second);
}

Handle file_below(std::string directory) {
  return [directory = std::move(directory)](Call& call) {
    if (!call.allow_parameters({})) return;
    const Documents& documents = call.service().contract();
    const auto found = documents.find(directory + call.value(0));
    if (found == documents.end()) return call.not_found();
    reply(call, found->second);
  };
}

}  // namespace

std::vector<Route> contract_routes() {
  return {
      {"GET", "/contract", "public", index},
      {"GET", "/contract/{file}", "public", file_below(""), "application/yaml, application/protobuf, text/plain"},
      {"GET", "/contract/schemas/{file}", "public", file_below("schemas/"), "application/schema+json"},
      {"GET", "/contract/samples/{file}", "public", file_below("samples/"),
       "application/json, application/cloudevents+json"},
      {"GET", "/contract/proto/daybook/{file}", "public", file_below("proto/daybook/"), "text/plain"},
      {"GET", "/contract/proto/daybook/v1/{file}", "public", file_below("proto/daybook/v1/"), "text/plain"},
  };
}

}  // namespace daybook::api
