#include "eventstore/big_run.h"

#include <utility>

#include "domain/fold.h"

namespace daybook::eventstore {
namespace {

// A command that was decided as any other, and whose events were too many.
class WholeDecision final : public BigCommand {
 public:
  explicit WholeDecision(Decide decide) : decide_(std::move(decide)) {}

  domain::Result<Step> step(const domain::View& view, const domain::Context& context) override {
    auto decision = decide_(view, context);
    if (!decision) return std::unexpected(std::move(decision.error()));
    return Step{std::move(decision->events), true, std::move(decision->answer)};
  }

 private:
  const Decide decide_;
};

}  // namespace

BigRun::BigRun(Submission what, std::uint64_t run_number)
    : submission(std::move(what)), number(run_number), done(submission.done), is_brief_(submission.big == nullptr) {
  if (is_brief_) submission.big = std::make_shared<WholeDecision>(submission.decide);
}

void BigRun::begin(const Projection& projection) {
  projection_ = &projection;
  state_ = projection.rows(submission.workspace);
}

domain::Result<BigCommand::Step> BigRun::step(domain::IdSource& ids) {
  const domain::RowReader& rows = staged_ ? static_cast<const domain::RowReader&>(*staged_) : *state_;
  const domain::Context context{time_us, command, submission.actor, submission.member, ids};
  auto step = submission.big->step(domain::View(rows, submission.workspace), context);
  if (!step || step->ended) return step;
  if (!staged_) staged_ = projection_->stage(*state_);
  domain::Store store(*staged_, submission.workspace, {time_us, submission.actor, command});
  for (const domain::Event& event : step->events) domain::fold().apply(event, store);
  return step;
}

}  // namespace daybook::eventstore
