#pragma once

#include <functional>
#include <string>

#include "api/call.h"
#include "eventstore/writer.h"

namespace daybook::api {

/// A route's command: decided by the writer, answered with the record it is about, as of its commit.

/// What a decision function of the domain gives, and the record the answer shows (kind 0: none).
struct Decided {
  domain::Events events;
  unsigned status = 200;
  const model::Kind* kind = nullptr;
  model::Uuid id;
  std::string extra;  // members beside the record's, or the whole body where there is none; JSON without braces
};
using DecideCommand = std::function<domain::Result<Decided>(const domain::View&, const domain::Context&)>;

/// Hands the command to the writer and answers the call when its fate is known: Idempotency-Key, If-Match (against
/// `target`), dry_run and every refusal are dealt with here. `shown_once` is added to the first answer only: secrets.
struct CommandOptions {
  const model::Kind* target = nullptr;  // of If-Match
  model::Uuid target_id{};
  std::string shown_once{};       // members as JSON without braces
  std::string blank_on_replay{};  // the same members with null, for the replayed answer
};
void run_command(const Call& call, DecideCommand decide, CommandOptions options = {});

/// The call as a submission to its workspace, without a decision; answers and gives nothing on a bad Idempotency-Key.
std::optional<eventstore::Submission> make_submission(Call& call);

/// Reads the call's JSON body as `message`; answers and gives nothing if it is refused.
std::optional<CommandInput> read_body(Call& call, const model::Message& message, const ReadOptions& options);

/// The currency of the workspace, for money without one beside it.
std::string workspace_currency(const Call& call);

}  // namespace daybook::api
