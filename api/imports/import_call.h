#pragma once

#include <functional>
#include <optional>
#include <string>

#include "api/call.h"
#include "api/imports/import_desk.h"

namespace daybook::api {

/// What the routes of imports share.

/// The workspace may import; answers entitlement_required and gives false otherwise.
bool may_import(Call& call);

/// Runs the job on the desk's thread; answers `unavailable` if it is busy, and `internal` if the job throws.
void at_desk(Call& call, std::function<void(Call&)> job);

/// The import of the path; answers not_found and gives nothing where there is none.
struct FoundImport {
  model::Uuid id;
  std::string record;
  v1::Import import;
};
std::optional<FoundImport> find_import(Call& call);

/// Its file with the options kept in the record. `problem` is answered and nothing given where these do not parse.
std::optional<ImportFile> file_of(Call& call, const FoundImport& found);

/// Answers with the import as it stands now; `extra` are members beside the record's.
void reply_import(Call& call, const model::Uuid& id, unsigned status, const std::string& extra = {});

/// Launches a started import, and answers when it has ended: with `status`, or with 202 when that takes longer than the
/// client says it waits (RFC 7240, Prefer: wait).
void launch_and_reply(Call& call, const ImportFile& file, const SharedPlan& plan, unsigned status);
/// The same for an import that another call launched.
void wait_and_reply(Call& call, const model::Uuid& id, unsigned status);

}  // namespace daybook::api
