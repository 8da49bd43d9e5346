#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "domain/context.h"
#include "domain/result.h"
#include "domain/store.h"
#include "eventstore/big_command.h"
#include "eventstore/commit.h"

namespace daybook::eventstore {

/// What a command wants to have happened, and what it answers then.
struct Decision {
  domain::Events events;
  Answer answer;
};
using Decide = std::function<domain::Result<Decision>(const domain::View&, const domain::Context&)>;

/// What became of a command.
struct Outcome {
  enum class Kind : std::uint8_t {
    kCommitted,    // its events are on stable storage and applied
    kUnchanged,    // nothing to change; nothing was written
    kReplayed,     // its Idempotency-Key was answered before
    kDryRun,       // decided, not written
    kRejected,     // a rule said no; nothing was written
    kUnavailable,  // nothing was done: try again
    kDiskFull,     // nothing was done: no space is left
    kUnknown,      // the log failed while it was on its way: repeat with the same Idempotency-Key
  };
  static constexpr std::size_t kKinds = 8;
  Kind kind = Kind::kUnavailable;
  Answer answer{};
  std::uint64_t position = 0;           // the workspace's last event that the answer reflects
  std::optional<std::string> record{};  // the record of the answer as this command left it, where it changed it
  domain::Rejection rejection{};
  domain::Events events{};                                      // of a dry run
  std::shared_ptr<const domain::LayerRows::Changes> changes{};  // rows as the dry run would leave them
};

/// A command on its way to the writer. `done` is called exactly once, from a thread of the writer; it must not wait.
struct Submission {
  model::WorkspaceId workspace;
  domain::Actor actor;
  model::Uuid member;
  std::string origin;
  std::string request_id;
  std::string traceparent;
  std::optional<Idempotency> idempotency;
  bool dry_run = false;
  bool is_closing =
      false;  // ends an import: waits for it where others are unavailable, and a full disk has room for it
  bool has_client = false;  // one waits for the answer, and is told "unknown" where the log takes too long
  Decide decide;
  std::shared_ptr<BigCommand> big{};  // instead of `decide`; it cannot be a dry run
  std::function<void(Outcome)> done;
};

}  // namespace daybook::eventstore
