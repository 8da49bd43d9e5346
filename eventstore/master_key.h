#pragma once

#include <filesystem>

#include "eventstore/seal.h"

namespace daybook::eventstore {

/// The two secrets that a data directory stands on: 32 raw bytes each under `<data>/keys/`, readable by the owner
/// alone. `master.key` opens every workspace key of the log, `cursor.key` signs paging cursors. Without the master key
/// the log cannot be read by anybody: keep a copy elsewhere.
///
/// A missing file is created, on stable storage before this returns, only where `log_is_empty`; over a log that holds
/// records a fresh key would open nothing. Throws std::runtime_error naming the file and the remedy when it is missing
/// beside a log with records, when others than its owner may read or write it, when it has not 32 bytes, and when the
/// disk fails. One process at a time: the caller holds the lock of the data directory.
Key load_or_create_master_key(const std::filesystem::path& data, bool log_is_empty);
Key load_or_create_cursor_key(const std::filesystem::path& data, bool log_is_empty);

}  // namespace daybook::eventstore
