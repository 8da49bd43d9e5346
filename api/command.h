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
  const model::Kind* target = nullptr;  // of If-Match; nullptr: the decision checks it itself (match_version)
  model::Uuid target_id{};
  std::string shown_once{};       // members as JSON without braces
  std::string blank_on_replay{};  // the same members with null, for the replayed answer
};
void run_command(const Call& call, DecideCommand decide, CommandOptions options = {});

/// What If-Match (RFC 9110 §13.1.1) asks of the record that a command is about: version_mismatch where it has moved on.
/// For decisions that find their record by something else than the id in the path.
std::optional<domain::Rejection> match_version(const std::string& if_match, const model::Kind& kind,
                                               const model::Uuid& id, const domain::View& view);
/// The call's If-Match; empty: any version.
std::string if_match_of(const Call& call);

/// The answer to a command that only was decided: http.md, dry run.
void answer_dry_run(Call& call, const eventstore::Outcome& outcome);

/// The call as a submission to its workspace, without a decision; answers and gives nothing on a bad Idempotency-Key.
std::optional<eventstore::Submission> make_submission(Call& call);

/// Reads the call's JSON body as `message`; answers and gives nothing if it is refused.
std::optional<CommandInput> read_body(Call& call, const model::Message& message, const ReadOptions& options);
/// The same for a command that run_command decides: where only single fields are at fault the others are given, and the
/// answer names those fields together with all that the decision finds.
std::optional<CommandInput> read_fields(Call& call, const model::Message& message, const ReadOptions& options);

/// The currency of the workspace, for money without one beside it.
std::string workspace_currency(const Call& call);

}  // namespace daybook::api
