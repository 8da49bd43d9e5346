#pragma once

#include <string>

#include "eventstore/commit.h"

namespace daybook::cli {

/// One commit of the log as one JSON object in one line, for checkers of another origin: `workspace`, `position` (of
/// its first event), `command`, `time`, `actor`, `origin`, `request_id`, `idempotency` (whether it carried a key) and
/// `events`, each with `position`, `name`, `kind`, `id`, `cleared` (names of fields set to null) and `data`.
///
/// `data` holds the fields that stand in the event by their names in the model, internal ones too and secret ones
/// never: ids as UUIDs, times in RFC 3339, options by their lower-case names, money as an integer of minor units.
std::string dump_line(const eventstore::Commit& commit);

}  // namespace daybook::cli
