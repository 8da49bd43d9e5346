#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "consumers/mail/transport.h"
#include "eventstore/writers.h"
#include "projections/state_store.h"

namespace daybook::consumers {

/// Sends the mails that stand in the log as queued, and reports each outcome back by a command. Its work is the folded
/// list of queued mails, so it keeps no cursor: a crash or the loss of the state directory changes nothing. A mail is
/// accepted by the server at least once, always under the Message-ID that its event fixed.
///
/// A workspace sends one mail at a time, and several workspaces send at once, in turn: a mail that its server leaves
/// waiting holds up its own workspace alone.
///
/// Where several processes share the partitions, each sends the mails of those that it has. What it still had to do for
/// a partition that it lost it forgets: the process that has it now begins with what is queued. A process may have lost
/// it and not know that yet, so before a mail is sent the writer is asked whether it still is to be.
class Mailer {
 public:
  /// What the mailer asks of the writers.
  struct Writing {
    std::function<bool(model::WorkspaceId)> owns;  // whether this process has the workspace's partition
    std::function<void(eventstore::Submission)> submit;
  };
  struct Options {
    std::string from;
    std::string public_url;
    std::size_t senders = 8;  // mails on their way at once
    std::chrono::milliseconds first_retry{5'000};
    std::chrono::milliseconds longest_retry{600'000};
    std::function<void(const std::string&)> log;
  };

  /// All outlive the mailer.
  Mailer(projections::StateStore& state, eventstore::Writers& writers, MailTransport& transport, Options options);
  Mailer(projections::StateStore& state, Writing writing, MailTransport& transport, Options options);
  ~Mailer();
  Mailer(const Mailer&) = delete;
  Mailer& operator=(const Mailer&) = delete;

  /// Looks through every workspace once, then follows `wake`.
  void start();
  /// Looks at every workspace anew: those of a partition that this process has taken are among them.
  void wake_all();
  /// The workspace has changed. Thread-safe; does not wait.
  void wake(model::WorkspaceId workspace);
  void stop();

  /// Mails handed over, refused for good, and attempts that are made again later.
  struct Figures {
    std::uint64_t sent = 0;
    std::uint64_t failed = 0;
    std::uint64_t retried = 0;
  };
  Figures figures() const { return {sent_, failed_, retried_}; }

 private:
  struct Attempt {
    std::chrono::steady_clock::time_point next;
    std::chrono::milliseconds delay;
  };
  struct Job {
    model::WorkspaceId workspace;
    model::Uuid email;
    auto operator<=>(const Job&) const = default;
  };

  using Report = std::function<domain::Result<domain::Events>(const domain::View&)>;
  // A report that could not be written yet.
  struct Unreported {
    Report decide;
    std::chrono::steady_clock::time_point due;  // to be tried again, at the latest
  };

  void run(const std::stop_token& stop);
  std::optional<model::WorkspaceId> take_workspace(const std::stop_token& stop);
  std::optional<model::WorkspaceId> next_workspace() const;  // under the mutex, as is the next one
  std::chrono::steady_clock::time_point wake_what_is_due();
  void give_back(model::WorkspaceId workspace);
  void forget(model::WorkspaceId workspace);
  void work_off(model::WorkspaceId workspace, const std::stop_token& stop);
  void drop_settled(model::WorkspaceId workspace, const domain::View& view);
  std::vector<Job> due_retries(model::WorkspaceId workspace);
  bool is_due(const Job& job);
  bool is_still_queued(const Job& job, const std::stop_token& stop);
  void send(const Job& job);
  SendOutcome attempt(const Mail& mail);
  void settle(const Job& job, const SendOutcome& outcome);
  void retry_later(const Job& job);
  void report(const Job& job, Report decide);
  void report_again(model::WorkspaceId workspace);

  projections::StateStore& state_;
  const Writing writing_;
  MailTransport& transport_;
  const Options options_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable_any changed_;
  std::set<model::WorkspaceId> woken_;
  std::set<model::WorkspaceId> busy_;  // those that a thread works for
  model::WorkspaceId last_taken_;
  std::map<Job, Attempt> retries_;
  std::set<Job> reporting_;  // accepted or refused, not yet in the state: never sent again by this process
  std::map<Job, Unreported> unreported_;
  std::uint64_t delays_ = 0;  // how often something was put off: whoever waits must look when it is due

  std::atomic<std::uint64_t> sent_ = 0;
  std::atomic<std::uint64_t> failed_ = 0;
  std::atomic<std::uint64_t> retried_ = 0;

  std::vector<std::jthread> threads_;
};

}  // namespace daybook::consumers
