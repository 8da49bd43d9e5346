#pragma once

#include <string>
#include <utility>

#include "eventstore/writer.h"

namespace daybook::eventstore {

/// Outcomes of commands that did nothing, or nobody knows what.

inline Outcome refused(Outcome::Kind kind, std::string code, std::string detail) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.rejection = {std::move(code), std::move(detail)};
  return outcome;
}

inline Outcome unavailable(std::string detail) {
  return refused(Outcome::Kind::kUnavailable, "unavailable", std::move(detail));
}

inline Outcome log_failed() { return unavailable("The log failed; the server is stopping."); }

inline Outcome unreachable() { return unavailable("The log is out of reach; nothing was done."); }

inline Outcome disk_full() {
  return refused(Outcome::Kind::kDiskFull, "disk_full", "No space is left; nothing was done.");
}

// Its record, or the one that it rests on, was never stored, or will never count.
inline Outcome undone() {
  return unavailable("The log was out of reach for a moment, or another node took over; nothing was done.");
}

// A decision that throws is our own mistake: nothing was written, and others go on.
inline Outcome failed_decision() {
  return refused(Outcome::Kind::kRejected, "internal",
                 "The server could not decide this; nothing was done. Its log says why.");
}

inline Outcome unknown() {
  return refused(Outcome::Kind::kUnknown, "outcome_unknown",
                 "Whether this was done is not known; repeat it with the same Idempotency-Key.");
}

/// The position of a workspace's last event.
inline std::uint64_t last_position(const ChainHead& head) { return head.next_position - 1; }

}  // namespace daybook::eventstore
