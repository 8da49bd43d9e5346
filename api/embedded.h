#pragma once

#include <string_view>

namespace daybook::api {

/// Files of the source tree as they were at build time (cmake/Embed.cmake), so that the server needs none at run time.
extern const std::string_view kOpenapiYaml;    // api/openapi.yaml
extern const std::string_view kOpenapiJson;    // api/openapi.json, the same in JSON
extern const std::string_view kReferencePage;  // api/pages/reference.html
extern const std::string_view kLlmsText;       // api/pages/llms.txt
extern const std::string_view kErrorsText;     // docs/errors.md

}  // namespace daybook::api
