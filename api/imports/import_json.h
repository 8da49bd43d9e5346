#pragma once

#include <string>
#include <vector>

#include "api/imports/import_desk.h"

namespace daybook::api {

/// How imports look outside; members of a JSON object without its braces, as record_json takes them.

/// The options as they will be used, the header, the first rows as the file has them, what is left out.
std::string preview_members(const domain::ImportPlan& plan, domain::ImportOptions options);
std::string dry_run_members(const DryRun& run, const domain::ImportPlan& plan);
/// The elements of a JSON list.
std::string remarks_json(const std::vector<v1::ImportRemark>& remarks);

}  // namespace daybook::api
