#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "eventstore/embedded/database.h"
#include "eventstore/log_damaged.h"

namespace daybook::eventstore {

struct ScrubReport {
  std::uint64_t files = 0;
  std::uint64_t records = 0;
  std::uint64_t keys = 0;
  std::vector<Damage> damages;  // of files all, of records and keys the first
};

/// Asked after every mebibyte or thousand records: waits as long as it likes, to spare the disk; false ends the scrub.
using Pace = std::function<bool()>;

/// Reads every byte of every table file, every record below `end` and every key, beside normal work, and says what is
/// not what was written. The write-ahead log is not read: its records are in memory, and the next start checks it.
ScrubReport scrub(const Database& database, std::uint64_t end, const Pace& pace);

}  // namespace daybook::eventstore
