#pragma once

#include <map>
#include <string>

#include "domain/rows.h"
#include "eventstore/projection.h"

namespace daybook::projections {

/// Folds one commit into a workspace's rows: records by the domain's fold, and what follows from them.
/// `rows` shows the workspace as all earlier commits left it, and takes the changes.
void fold_commit(const eventstore::OpenedCommit& commit, domain::LayerRows& rows);
/// The same for a piece of a commit; the pieces come in order. The last one closes it: its answer and the new head.
void fold_slice(const eventstore::CommitSlice& slice, domain::LayerRows& rows);

}  // namespace daybook::projections
