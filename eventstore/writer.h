#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "domain/context.h"
#include "domain/result.h"
#include "domain/store.h"
#include "eventstore/big_command.h"
#include "eventstore/codec.h"
#include "eventstore/figures.h"
#include "eventstore/overlay.h"
#include "eventstore/projection.h"

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
  std::uint64_t position = 0;  // the workspace's last event that the answer reflects
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
  Decide decide;
  std::shared_ptr<BigCommand> big{};  // instead of `decide`; it cannot be a dry run
  std::function<void(Outcome)> done;
};

/// The one writer of a partition. One thread decides: against the state, and what is pending above it, without waiting
/// for the log. Another follows the log: whatever comes back as effective is folded into the state, and only then is
/// its command answered. See ARCHITECTURE.md, "Writing". `submit` is thread-safe.
///
/// A big command begins when its workspace has nothing pending and is decided step by step, in turn with the commands
/// of other workspaces; one at a time. Until it is folded to its end, other commands of its workspace are unavailable.
class Writer {
 public:
  struct Options {
    std::uint32_t partition = 0;
    model::Uuid instance;
    std::string node_address;
    std::size_t pending_limit = 4096;                  // commands decided and not yet effective
    std::size_t queue_limit = 16384;                   // commands waiting to be decided
    std::function<std::int64_t()> clock_us;            // microseconds since 1970
    std::function<std::uint64_t()> random;             // for ids
    std::function<void(const std::string&)> on_fatal;  // the log failed; the process should stop
    std::function<void(const std::string&)> on_error;  // a decision failed by a mistake of ours; the rest goes on
    std::function<void(std::uint64_t applied, std::uint64_t end)> on_catch_up{};
  };

  Writer(Log& log, Keyring& keyring, CommitCodec& codec, Projection& projection, Options options);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Takes the partition over: reads to the end, writes its claim, reads that back; then commands are taken.
  /// Throws LogDamaged, KeyRefused, and std::runtime_error where the claim cannot be written.
  void start();
  void submit(Submission submission);
  /// Decides nothing more, waits until what is pending is answered, and ends the threads.
  void stop();

  /// Workspaces whose history does not fit together: stopped, the others go on.
  std::vector<std::string> damaged() const;
  WriterFigures figures() const;

 private:
  struct Pending {
    std::uint64_t sequence = 0;
    std::chrono::steady_clock::time_point appended;
    OpenedCommit opened;
    std::vector<std::string> key_names;
    std::function<void()> answer;
    std::vector<std::function<void()>> waiters;  // answers without a record that rest on this one
  };

  struct Head {
    ChainHead chain;
    std::uint64_t sequence = 0;  // of the workspace's newest pending commit; 0: none since the start
  };
  // A big command that is being decided (writer_big.cc).
  struct BigRun;
  // A big commit that is being folded (writer_parts.cc).
  struct BigFold {
    OpenedCommit opened;
    std::unique_ptr<LogReader> reader;  // of its parts
    std::optional<Pending> pending;     // none: another process wrote it
  };

  class Ids;
  class BigIds;

  void run_decider(const std::stop_token& stop);
  void run_applier(const std::stop_token& stop);
  std::optional<Submission> next_submission(const std::stop_token& stop);
  void run(Submission submission);
  void decide(Submission submission);
  bool answer_again(Submission& submission);
  void commit(Submission submission, Decision decision, const domain::Context& context,
              const domain::LayerRows::Changes& changes, const WrittenParts* parts = nullptr);
  std::optional<Outcome> refusal(model::WorkspaceId workspace);
  const Head& head_of(model::WorkspaceId workspace);
  bool big_is_due() const;  // under the mutex
  void queue_big(Submission submission);
  void step_big();
  bool advance(BigRun& run);
  void begin(BigRun& run);
  void append_part(BigRun& run, const domain::Events& events);
  void close(BigRun& run, Answer answer);
  void end_big(Outcome outcome);
  void answer_after_pending(Submission& submission, Outcome outcome);
  void forget_applied();
  std::int64_t commit_time();

  std::size_t apply_available(LogReader& reader, std::chrono::milliseconds wait, std::size_t limit);
  bool accept(const LogRecord& record, std::vector<OpenedCommit>& commits, std::deque<Pending>& answered);
  void stop_workspace(const HistoryDamage& damage, model::WorkspaceId workspace);
  void answer_applied(Pending& pending);
  void note_part(const PartRecord& part, std::uint64_t offset);
  bool begin_fold(OpenedCommit opened, std::optional<Pending> pending, std::uint64_t offset);
  bool parts_fit(const Commit& commit, const BigPosition& place);
  void refuse_own(Pending& pending);
  void resume_folds();
  bool fold_slice();
  std::optional<std::vector<domain::Event>> next_part(BigFold& fold, const BigPosition& place);
  void fail(const std::string& what);

  Log& log_;
  Keyring& keyring_;
  CommitCodec& codec_;
  Projection& projection_;
  const Options options_;

  // The applier's own.
  std::unique_ptr<LogReader> reader_;
  FenceRule fence_;
  PartitionPosition position_;
  std::unordered_map<model::WorkspaceId, ChainHead> applied_heads_;
  std::deque<BigFold> folds_;

  // The decider's own.
  Overlay overlay_;
  std::unordered_map<model::WorkspaceId, Head> heads_;
  std::map<std::string, std::uint64_t> keys_in_progress_;  // idempotency keys of pending commits → sequence
  std::deque<std::shared_ptr<BigRun>> big_runs_;           // the first one is running
  std::uint64_t epoch_ = 0;
  std::uint64_t sequence_ = 0;
  std::int64_t last_time_us_ = 0;
  std::int64_t id_time_ms_ = 0;
  std::uint32_t id_counter_ = 0;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable_any changed_;
  std::unordered_map<model::WorkspaceId, std::deque<Submission>> queues_;
  std::deque<model::WorkspaceId> turns_;  // workspaces with queued commands, each once: one command a turn
  std::size_t queued_ = 0;
  std::deque<Pending> pending_;
  std::deque<std::pair<std::uint64_t, std::vector<std::string>>> part_keys_;  // by sequence: keys to be settled
  std::unordered_set<model::WorkspaceId> busy_;  // from a big command's begin until it is folded
  std::unordered_map<model::WorkspaceId, std::string> damaged_;
  std::uint64_t applied_sequence_ = 0;
  std::atomic<bool> failed_ = false;
  bool stopping_ = false;

  std::array<std::atomic<std::uint64_t>, Outcome::kKinds> outcomes_{};
  Histogram append_to_apply_{latency_bounds()};
  Histogram applied_batch_{{1, 2, 4, 8, 16, 32, 64, 128, 256}};
  std::atomic<std::uint64_t> applied_offset_ = 0;

  std::jthread decider_;
  std::jthread applier_;
};

}  // namespace daybook::eventstore
