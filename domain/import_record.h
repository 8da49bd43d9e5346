#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daybook/v1/import.pb.h"
#include "domain/context.h"
#include "domain/kind_rules.h"
#include "domain/result.h"
#include "domain/store.h"

namespace daybook::domain {

/// The record of an import and its states: uploaded → running → committed or failed; uploaded → cancelled.

/// import.uploaded under the id that names the file already. Rejects what no import can be.
Result<Event> upload_import(const model::Uuid& id, const v1::Import& record, const View& view, const Context& context);
/// import.updated with other options (JSON). Rejects import_state once it was started.
Result<Events> set_import_options(const model::Uuid& id, const std::string& options, const View& view);
/// import.started. Rejects import_state unless it is uploaded, and while another import of the workspace runs.
Result<Events> start_import(const model::Uuid& id, const View& view);
/// import.failed of one that runs; nothing if it does not run any more.
Result<Events> fail_import(const model::Uuid& id, const std::string& failure, const View& view);
/// import.cancelled of one that is uploaded; nothing if it was cancelled already, import_state otherwise.
Result<Events> cancel_import(const model::Uuid& id, const View& view);

/// Imports in this state, oldest first.
std::vector<model::Uuid> imports_in(v1::Import::State state, const View& view);

/// The errors or warnings kept of an import, from the `skip`th on, at most `limit` of them.
enum class RemarkKind : std::uint8_t { kError, kWarning };
std::vector<v1::ImportRemark> remarks_of(const model::Uuid& id, RemarkKind kind, std::size_t skip, std::size_t limit,
                                         const View& view);

KindRules import_rules();

}  // namespace daybook::domain
