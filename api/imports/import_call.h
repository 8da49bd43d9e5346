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

/// The import as it stands in `rows`, and how many rows have been decided by now; nothing where there is none.
std::optional<std::string> import_json(const Call& call, const domain::RowReader& rows, const model::Uuid& id,
                                       const std::string& extra = {});
/// Neither waiting to be started nor running any more.
bool has_ended(const Call& call, const model::Uuid& id);

/// An answer with an import: a repeated Idempotency-Key is told that it is one.
struct ImportAnswer {
  unsigned status = 200;
  bool replayed = false;
};
/// Answers with the import as it stands now; `extra` are members beside the record's.
void reply_import(Call& call, const model::Uuid& id, ImportAnswer answer, const std::string& extra = {});

/// Launches a started import, and answers when it has ended: with `status`, or with 202 when that takes longer than the
/// client says it waits (RFC 7240, Prefer: wait).
void launch_and_reply(Call& call, const ImportFile& file, const SharedPlan& plan, unsigned status);
/// The same for an import that another call launched.
void wait_and_reply(Call& call, const model::Uuid& id, ImportAnswer answer);

}  // namespace daybook::api
