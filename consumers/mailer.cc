#include "consumers/mailer.h"

#include <algorithm>
#include <memory>
#include <ranges>
#include <string_view>
#include <utility>

#include "consumers/won_deal.h"
#include "daybook/v1/work.pb.h"
#include "daybook/v1/workspace.pb.h"
#include "domain/email.h"
#include "domain/workspace.h"
#include "model/named_thread.h"
#include "model/row_key.h"

namespace daybook::consumers {
namespace {

std::vector<model::WorkspaceId> all_workspaces(const projections::StateStore& state) {
  std::vector<model::WorkspaceId> workspaces;
  const auto rows = state.rows(model::WorkspaceId{});
  domain::View(*rows, {}).for_each(domain::kind_of<v1::Tenant>(), [&](const model::Uuid& id, std::string_view) {
    workspaces.push_back({id});
    return true;
  });
  return workspaces;
}

std::vector<model::Uuid> queued_mails(const domain::View& view) {
  const model::Kind& kind = domain::kind_of<v1::Email>();
  const model::Field& state = *kind.message->field(std::uint32_t{v1::Email::kStateFieldNumber});
  std::vector<model::Uuid> ids;
  view.for_each_posting(kind, state, model::ordered_integer(v1::Email::STATE_QUEUED), [&](const model::Uuid& id) {
    ids.push_back(id);
    return ids.size() < 1000;
  });
  return ids;
}

eventstore::Submission submission_in(model::WorkspaceId workspace) {
  eventstore::Submission submission;
  submission.workspace = workspace;
  submission.actor.kind = domain::Actor::Kind::kSystem;
  submission.origin = "mailer";
  return submission;
}

// What may stand in a log, which names nobody: a mail server likes to say whose mail it does not take. The mail's own
// record has all of its words.
std::string without_addresses(std::string_view text) {
  std::string out;
  for (const auto word : std::views::split(text, ' ')) {
    const std::string_view shown(word);
    out += out.empty() ? "" : " ";
    out += shown.find('@') == std::string_view::npos ? shown : "(address)";
  }
  return out;
}

std::string refusal_of(const SendOutcome& outcome) {
  if (outcome.smtp_code != 0) return "the mail server answered " + std::to_string(outcome.smtp_code);
  return "it cannot be composed, or its owner has no address";
}

}  // namespace

Mailer::Mailer(projections::StateStore& state, eventstore::Writers& writers, MailTransport& transport, Options options)
    : Mailer(state,
             {[&writers](model::WorkspaceId workspace) { return writers.owns(workspace); },
              [&writers](eventstore::Submission submission) { writers.submit(std::move(submission)); }},
             transport, std::move(options)) {}

Mailer::Mailer(projections::StateStore& state, Writing writing, MailTransport& transport, Options options)
    : state_(state), writing_(std::move(writing)), transport_(transport), options_(std::move(options)) {}

Mailer::~Mailer() { stop(); }

void Mailer::wake_all() {
  for (const model::WorkspaceId workspace : all_workspaces(state_)) wake(workspace);
}

void Mailer::start() {
  wake_all();
  for (std::size_t i = 0; i < options_.senders; ++i) {
    threads_.push_back(model::named_thread("mailer", [this](const std::stop_token& stop) { run(stop); }));
  }
}

void Mailer::wake(model::WorkspaceId workspace) {
  {
    const std::lock_guard lock(mutex_);
    woken_.insert(workspace);
  }
  changed_.notify_one();
}

void Mailer::stop() {
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
}

void Mailer::run(const std::stop_token& stop) {
  while (const auto workspace = take_workspace(stop)) {
    try {
      if (writing_.owns(*workspace)) {
        report_again(*workspace);
        work_off(*workspace, stop);
      } else {
        forget(*workspace);
      }
    } catch (const std::exception& error) {
      options_.log(std::string("mailer: ") + error.what());
    }
    give_back(*workspace);
  }
}

// The next workspace with something to do that no other thread works for; nothing when it is time to stop.
std::optional<model::WorkspaceId> Mailer::take_workspace(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto until = wake_what_is_due();
    if (const auto workspace = next_workspace()) {
      woken_.erase(*workspace);
      busy_.insert(*workspace);
      last_taken_ = *workspace;
      return workspace;
    }
    changed_.wait_until(lock, stop, until, [this, seen = delays_] { return delays_ != seen || next_workspace(); });
  }
  return std::nullopt;
}

void Mailer::give_back(model::WorkspaceId workspace) {
  {
    const std::lock_guard lock(mutex_);
    busy_.erase(workspace);
  }
  changed_.notify_one();  // it may have been woken meanwhile
}

// In turn, from the one after the last.
std::optional<model::WorkspaceId> Mailer::next_workspace() const {
  const auto is_free = [this](model::WorkspaceId workspace) { return !busy_.contains(workspace); };
  const auto behind_last = woken_.upper_bound(last_taken_);
  if (const auto found = std::find_if(behind_last, woken_.end(), is_free); found != woken_.end()) return *found;
  const auto found = std::find_if(woken_.begin(), behind_last, is_free);
  return found == behind_last ? std::nullopt : std::optional(*found);
}

// Wakes the workspaces with something to try again, and says when the next one is due.
std::chrono::steady_clock::time_point Mailer::wake_what_is_due() {
  const auto now = std::chrono::steady_clock::now();
  auto next = now + std::chrono::minutes(1);
  const auto look_at = [&](model::WorkspaceId workspace, std::chrono::steady_clock::time_point due) {
    if (due > now) {
      next = std::min(next, due);
    } else {
      woken_.insert(workspace);
    }
  };
  for (const auto& [job, attempt] : retries_) look_at(job.workspace, attempt.next);
  for (const auto& [job, report] : unreported_) look_at(job.workspace, report.due);
  return next;
}

// The process that has the partition sends its mails. A report that is under way here is not among what is forgotten:
// it is answered, and where it could not be written it comes back here.
void Mailer::forget(model::WorkspaceId workspace) {
  const auto is_of_workspace = [&](const auto& entry) { return entry.first.workspace == workspace; };
  const std::lock_guard lock(mutex_);
  std::erase_if(retries_, is_of_workspace);
  for (const auto& [job, unreported] : unreported_) {
    if (job.workspace == workspace) reporting_.erase(job);
  }
  std::erase_if(unreported_, is_of_workspace);
}

void Mailer::work_off(model::WorkspaceId workspace, const std::stop_token& stop) {
  const auto rows = state_.rows(workspace);
  const domain::View view(*rows, workspace);
  drop_settled(workspace, view);
  for (const model::Uuid& email : queued_mails(view)) {
    if (stop.stop_requested()) return;
    if (!writing_.owns(workspace)) return forget(workspace);
    const Job job{workspace, email};
    if (is_due(job) && is_still_queued(job, stop)) send(job);
  }
}

// A mail that is not queued any more, such as one that another process has sent, is never tried again.
void Mailer::drop_settled(model::WorkspaceId workspace, const domain::View& view) {
  for (const Job& job : due_retries(workspace)) {
    const auto email = view.find<v1::Email>(job.email);
    if (email && email->state() == v1::Email::STATE_QUEUED) continue;
    const std::lock_guard lock(mutex_);
    retries_.erase(job);
  }
}

std::vector<Mailer::Job> Mailer::due_retries(model::WorkspaceId workspace) {
  std::vector<Job> due;
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  for (auto retry = retries_.lower_bound({workspace, {}});
       retry != retries_.end() && retry->first.workspace == workspace; ++retry) {
    if (retry->second.next <= now) due.push_back(retry->first);
  }
  return due;
}

bool Mailer::is_due(const Job& job) {
  const std::lock_guard lock(mutex_);
  if (reporting_.contains(job)) return false;
  const auto retry = retries_.find(job);
  return retry == retries_.end() || retry->second.next <= std::chrono::steady_clock::now();
}

// A command that changes nothing is answered only once it is certain that no other process had the partition when it
// was decided. One that is not certain leaves the mail for later.
bool Mailer::is_still_queued(const Job& job, const std::stop_token& stop) {
  struct Asked {
    std::mutex mutex;
    std::condition_variable_any answered;
    bool is_queued = false;            // as it was decided
    std::optional<bool> is_certain{};  // none: not answered yet
  };
  const auto asked = std::make_shared<Asked>();
  eventstore::Submission question = submission_in(job.workspace);
  question.decide = [asked, id = job.email](const domain::View& view,
                                            const domain::Context&) -> domain::Result<eventstore::Decision> {
    const auto email = view.find<v1::Email>(id);
    const std::lock_guard lock(asked->mutex);
    asked->is_queued = email && email->state() == v1::Email::STATE_QUEUED;
    return eventstore::Decision{};
  };
  question.done = [asked](const eventstore::Outcome& outcome) {
    const std::lock_guard lock(asked->mutex);
    asked->is_certain = outcome.kind == eventstore::Outcome::Kind::kUnchanged;
    asked->answered.notify_all();
  };
  writing_.submit(std::move(question));
  std::unique_lock lock(asked->mutex);
  if (!asked->answered.wait(lock, stop, [&] { return asked->is_certain.has_value(); })) return false;
  if (!*asked->is_certain) retry_later(job);
  return *asked->is_certain && asked->is_queued;
}

void Mailer::send(const Job& job) {
  const auto rows = state_.rows(job.workspace);
  const domain::View view(*rows, job.workspace);
  const auto email = view.find<v1::Email>(job.email);
  if (!email || email->state() != v1::Email::STATE_QUEUED) return;
  const auto won = won_deal(*email, view, options_.public_url);
  settle(job, won ? attempt(render_won_mail(*won, options_.from))
                  : SendOutcome{SendOutcome::State::Rejected, 0, "The owner has no address any more."});
}

// A process that cannot send now may be able to later.
SendOutcome Mailer::attempt(const Mail& mail) {
  try {
    return transport_.send(mail);
  } catch (const std::exception& error) {
    return {SendOutcome::State::Retry, 0, error.what()};
  }
}

void Mailer::settle(const Job& job, const SendOutcome& outcome) {
  switch (outcome.state) {
    case SendOutcome::State::Accepted:
      ++sent_;
      return report(job, [id = job.email](const domain::View& now) { return domain::report_sent(id, now); });
    case SendOutcome::State::Rejected:
      ++failed_;
      options_.log("mail " + job.email.text() + " of workspace " + job.workspace.value.text() +
                   " is refused for good: " + refusal_of(outcome) + "; see daybook dlq list, and retry or drop it");
      return report(job, [id = job.email, detail = outcome.detail](const domain::View& now) {
        return domain::report_failed(id, detail, now);
      });
    default:
      ++retried_;
      options_.log("mail " + job.email.text() + " waits: " + without_addresses(outcome.detail));
      return retry_later(job);
  }
}

// Exponential back-off; the id of the mail spreads the attempts, so that a recovering server is not stormed.
void Mailer::retry_later(const Job& job) {
  const std::lock_guard lock(mutex_);
  auto& attempt = retries_[job];
  attempt.delay =
      attempt.delay.count() == 0 ? options_.first_retry : std::min(attempt.delay * 2, options_.longest_retry);
  const auto jitter = attempt.delay * (job.email.bytes.back() % 32) / 128;
  attempt.next = std::chrono::steady_clock::now() + attempt.delay + jitter;
  ++delays_;
  changed_.notify_one();
}

void Mailer::report(const Job& job, Report decide) {
  {
    const std::lock_guard lock(mutex_);
    reporting_.insert(job);
    retries_.erase(job);
  }
  eventstore::Submission submission = submission_in(job.workspace);
  submission.decide = [decide](const domain::View& view,
                               const domain::Context&) -> domain::Result<eventstore::Decision> {
    auto events = decide(view);
    if (!events) return std::unexpected(std::move(events.error()));
    return eventstore::Decision{std::move(*events), {}};
  };
  submission.done = [this, job, decide](const eventstore::Outcome& outcome) {
    const std::lock_guard lock(mutex_);
    if (outcome.kind != eventstore::Outcome::Kind::kUnavailable &&
        outcome.kind != eventstore::Outcome::Kind::kDiskFull) {
      reporting_.erase(job);
      return;
    }
    // Nothing was written: it is tried again, so that the mail is not sent again. If this process ends before, the next
    // one does send it, under the same Message-ID.
    options_.log("mail " + job.email.text() + " was handed over, but its report waits: " + outcome.rejection.detail);
    ++delays_;
    unreported_.emplace(job, Unreported{decide, std::chrono::steady_clock::now() + options_.first_retry});
    changed_.notify_one();
  };
  writing_.submit(std::move(submission));
}

// Of a workspace that has changed since, such as by the end of an import, or when it is time to.
void Mailer::report_again(model::WorkspaceId workspace) {
  std::map<Job, Unreported> ready;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(unreported_, [&](const auto& waiting) {
      return waiting.first.workspace == workspace && ready.insert(waiting).second;
    });
  }
  for (const auto& [job, unreported] : ready) report(job, unreported.decide);
}

}  // namespace daybook::consumers
