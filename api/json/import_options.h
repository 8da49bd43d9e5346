#pragma once

#include <string>
#include <string_view>

#include "domain/import/import_options.h"
#include "domain/result.h"

namespace daybook::api {

/// The options of an import from JSON (domain.md §7). Empty text is no options. Rejects malformed_json, and
/// validation_failed with pointers into the options.
domain::Result<domain::ImportOptions> parse_import_options(std::string_view json);

/// The member `options` of a body, as JSON; `{}` where it is absent. Rejects anything beside it.
domain::Result<std::string> options_in_body(std::string_view body);

/// Options as JSON, with what a plan settled, for people to agree to.
std::string write_import_options(const domain::ImportOptions& options);

}  // namespace daybook::api
