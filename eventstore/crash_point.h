#pragma once

#include <cstdint>

namespace daybook::eventstore {

/// Places where a test lets the process die: DAYBOOK_CRASH_AT=part:3 kills it, as kill -9 does, when it passes `part`
/// for the third time. Unset, passing one costs a comparison.
enum class CrashPoint : std::uint8_t {
  kUpload,  // `upload`: a piece of an import's file was read
  kPart,    // `part`: a part of a large command was handed to the log
  kCommit,  // `commit`: the commit of a command with parts was acknowledged by the log
  kSlice,   // `slice`: a part of a committed command was folded into the read models
};

/// Thread-safe.
void pass(CrashPoint point);

}  // namespace daybook::eventstore
