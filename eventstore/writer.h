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
#include <utility>
#include <vector>

#include "eventstore/big_fold.h"
#include "eventstore/big_run.h"
#include "eventstore/codec.h"
#include "eventstore/command_queue.h"
#include "eventstore/figures.h"
#include "eventstore/overlay.h"
#include "eventstore/projection.h"
#include "eventstore/read_barrier.h"

namespace daybook::eventstore {

/// The one writer of a partition. One thread decides: against the state, and what is pending above it, without waiting
/// for the log. Another follows the log: whatever comes back as effective is folded into the state, and only then is
/// its command answered. See ARCHITECTURE.md, "Writing". `submit` is thread-safe.
///
/// A command whose events do not fit into one record, whatever its kind, is a big one: it begins when its workspace has
/// nothing pending, is written in parts, and is in force with its closing commit. An import is decided step by step, in
/// turn with the commands of other workspaces, one at a time; until it is folded to its end, other commands of its
/// workspace are unavailable. Any other big command is decided in one step, and they wait.
///
/// Where the log outlives an unknown outcome, nothing more is appended after one until a new claim was read back: what
/// came back before it is answered as done, everything else as not done, and both are certain. Where the claim of
/// another process is read, that one has the partition: this one stands by from then on, that is, commands are
/// unavailable, and the state follows. Whoever slept meanwhile, or lost its brokers, does not know it yet: so there an
/// answer without a record waits for the ReadBarrier.
class Writer {
 public:
  struct Options {
    std::uint32_t partition = 0;
    model::Uuid instance;
    std::string node_address;
    std::size_t pending_limit = 4096;                      // commands decided and not yet effective
    std::size_t queue_limit = 16384;                       // commands waiting to be decided
    std::chrono::milliseconds answer_within{10'000};       // after that a client is told that the outcome is unknown
    std::function<std::int64_t()> clock_us;                // microseconds since 1970
    std::function<std::uint64_t()> random;                 // for ids
    std::function<void(const std::string&)> on_fatal;      // the log failed; the process should stop
    std::function<void(const std::string&)> on_error;      // a decision failed by a mistake of ours; the rest goes on
    std::function<void(const std::string&)> on_warning{};  // the partition was claimed again, or by another process
    std::function<void(std::uint64_t applied, std::uint64_t end)> on_catch_up{};
    // Before commands are taken: the partition was another process's, or commands in doubt were decided, some as not
    // done. From the decider; not at `start`.
    std::function<void(std::uint32_t partition, bool is_from_another)> on_taken{};
    std::chrono::milliseconds give_way{2'000};  // before `take` claims again on the claim of another process
  };

  Writer(Log& log, Keyring& keyring, CommitCodec& codec, Projection& projection, Options options);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Takes the partition over: reads to the end, writes its claim, reads that back; then commands are taken.
  /// Throws LogDamaged, KeyRefused, and std::runtime_error where the claim cannot be written.
  void start();
  /// Begins to stand by: reads to the end, and on. Throws LogDamaged and KeyRefused.
  void follow();
  /// From here on this process is to have the partition: it claims until its claim is read, and whenever another one
  /// is.
  void take();
  /// Another process is to have it; this one writes on until a claim of that one is read.
  void leave();
  /// Until another process has the partition, or this one's log fails, but no longer than that.
  void wait_until_replaced(std::chrono::steady_clock::time_point deadline);
  void submit(Submission submission);
  /// Decides nothing more, waits until what is pending is answered, and ends the threads.
  void stop();

  /// Whether this process has the partition; otherwise what is to be done outside is done by another one.
  bool is_owner() const;
  /// The node_address of the process that has the partition; empty where none is known, or nobody vouches for it.
  std::string owner_address() const;
  /// The claim that counts, of those that were read.
  struct Claim {
    std::optional<std::uint64_t> epoch;  // none: nobody has claimed the partition
    bool is_own = false;                 // this process wrote it
    std::string node_address;
  };
  Claim last_claim() const;
  /// Workspaces whose history does not fit together: stopped, the others go on.
  std::vector<std::string> damaged() const;
  WriterFigures figures() const;

 private:
  static constexpr std::size_t kApplyAtOnce = 256;    // records in one batch of the state
  static constexpr std::size_t kHeadsKept = 100'000;  // workspaces whose chain heads stay in memory

  /// What became of a record: kDead counts never more.
  enum class Fate : std::uint8_t { kEffective, kDead, kUnknown };
  using OnFate = std::function<void(Fate)>;
  struct Pending {
    std::uint64_t sequence = 0;  // of this process, on over its epochs
    Fence fence;
    std::chrono::steady_clock::time_point appended;
    OpenedCommit opened;
    std::vector<std::string> key_names;
    OnFate answer;  // none: it was given in time, as unknown
    bool has_client = false;
    std::vector<OnFate> waiters;                // answers without a record that rest on this one
    std::optional<model::WorkspaceId> lets_go;  // of its workspace, which a big command had
  };
  struct PartKeys {
    Fence fence;
    std::vector<std::string> names;
  };
  /// Who hears the log's reports: they may come after the record was read back, and so after the writer has ended.
  struct Listening {
    std::mutex mutex;
    Writer* writer = nullptr;  // none: it has ended
  };
  /// The last claim that was read as effective, and everything before it applied.
  struct Claimed {
    std::optional<std::uint64_t> epoch;
    bool is_own = false;
    std::uint64_t own_since = 0;  // the first of the epochs that were this process's without a break up to this one
    std::string node_address;
    std::int64_t time_us = 0;  // of the last commit before it
  };

  struct ReadClaim {
    model::Uuid instance;
    std::string node_address;
  };

  struct Head {
    ChainHead chain;
    std::uint64_t sequence = 0;  // of the workspace's newest pending commit; 0: none since the start
  };
  // A big commit that is being folded.
  struct Folding {
    BigFold fold;
    std::optional<Pending> pending;  // none: another process wrote it
  };

  class Ids;
  class BigIds;

  void run_decider(const std::stop_token& stop);
  void run_applier(const std::stop_token& stop);
  std::optional<Submission> next_submission(const std::stop_token& stop);
  void run(Submission submission);
  void decide(Submission submission);
  std::optional<Outcome> first_answer(const Submission& submission) const;
  bool commit(const Submission& submission, Decision decision, const domain::Context& context,
              const domain::LayerRows::Changes& changes, const BigRun* run = nullptr);
  bool add_pending(Pending pending);
  std::optional<Outcome> refusal(const Submission& submission);
  std::optional<Submission> pass_hold(Submission submission);
  Head& head_of(model::WorkspaceId workspace);
  void queue_big(Submission submission);
  bool big_is_due();  // under the mutex
  void step_big();
  bool begin(BigRun& run);
  void advance(BigRun& run);
  void append_part(BigRun& run, const domain::Events& events);
  void close(BigRun& run, Answer answer);
  void end_big(Outcome outcome);
  void end_all();
  DeliveryReport on_delivery(bool has_parts = false);
  void delivered(Delivery delivery);
  Fence next_fence() const { return {epoch_, sequence_ + 1 - sequence_at_claim_}; }
  void answer_after_pending(Submission& submission, Outcome outcome);
  void answer_if_owner(std::uint64_t epoch, const std::function<void(Outcome)>& done, Outcome outcome);
  std::optional<std::uint64_t> own_since(std::uint64_t end);
  void forget_applied();
  std::int64_t commit_time();

  std::optional<LogRecord> first_record(LogReader& reader, std::chrono::milliseconds wait) const;
  std::size_t apply_available(LogReader& reader, std::chrono::milliseconds wait, std::size_t limit);
  bool accept(const LogRecord& record, std::vector<OpenedCommit>& commits, std::deque<Pending>& answered);
  void stop_workspace(const HistoryDamage& damage, model::WorkspaceId workspace);
  void answer_applied(Pending& pending);
  static void answer(Pending& pending, Fate fate);
  void answer_resting(std::uint64_t up_to, Fate fate);
  void answer_overdue();
  void settle_part(const PartRecord& part);
  bool begin_fold(OpenedCommit opened, std::optional<Pending> pending, const BigFold::Closing& closing);
  bool fold_slice();
  bool fold_slice_if_reached();
  void fold_to_the_end();
  void refuse(std::optional<Pending>& pending, const HistoryDamage& damage);
  void resume_folds();
  void open();
  void catch_up();
  void run_threads();
  void find_owner();
  void claim();
  void append_claim(const std::optional<std::uint64_t>& previous, DeliveryReport report);
  void note_claim(const ReadClaim& claim);
  void begin_epoch(const Claimed& claimed);
  bool is_in_doubt() const;  // under the mutex
  bool settle_doubt();
  std::optional<Claimed> claim_again();
  void give_way(std::unique_lock<std::mutex>& lock);
  void stand_by(const Claimed& claimed);
  void refuse_queue();
  void drop_doubtful();
  void forget_doubtful();
  std::deque<Pending> take_pending();
  BigFold::Source parts_source() { return {log_, codec_, options_.partition}; }
  void fail(const std::string& what);
  void warn(const std::string& what) const;

  Log& log_;
  Keyring& keyring_;
  CommitCodec& codec_;
  Projection& projection_;
  const Options options_;
  const std::shared_ptr<Listening> listening_;

  // The applier's own.
  std::unique_ptr<LogReader> reader_;
  FenceRule fence_;
  PartitionPosition position_;
  std::unordered_map<model::WorkspaceId, ChainHead> applied_heads_;
  std::deque<Folding> folds_;
  bool is_following_ = false;            // the start is over
  std::optional<ReadClaim> read_claim_;  // effective, and not yet told of

  // The decider's own.
  Overlay overlay_;
  RowCache cache_;
  std::unordered_map<model::WorkspaceId, Head> heads_;
  std::map<std::string, std::uint64_t> keys_in_progress_;  // idempotency keys of pending commits → sequence
  std::deque<std::unique_ptr<BigRun>> big_runs_;           // the first one is running; brief ones stand in front
  std::uint64_t runs_ = 0;                                 // how many there were
  std::uint64_t epoch_ = 0;
  std::uint64_t sequence_ = 0;           // of this process: ascends over its epochs
  std::uint64_t sequence_at_claim_ = 0;  // the fence counts from there
  std::int64_t last_time_us_ = 0;
  std::int64_t id_time_ms_ = 0;
  std::uint32_t id_counter_ = 0;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable_any changed_;
  CommandQueue queue_;
  std::deque<Pending> pending_;
  std::vector<std::pair<std::uint64_t, OnFate>> resting_;  // answers that rest on a commit that is just being applied
  std::deque<PartKeys> part_keys_;                         // to be settled, in the order of their parts
  std::unordered_map<model::WorkspaceId, std::string> damaged_;
  std::uint64_t applied_sequence_ = 0;
  Claimed claimed_;
  std::atomic<bool> failed_ = false;
  bool stopping_ = false;
  bool is_session_lost_ = false;  // an outcome is unknown: the decider is to claim anew
  bool is_claiming_ = false;      // that is under way
  bool stands_by_ = false;        // another process has the partition, or none
  bool is_wanted_ = false;        // this process is to have it
  std::chrono::steady_clock::time_point gives_way_until_{};

  std::array<std::atomic<std::uint64_t>, Outcome::kKinds> outcomes_{};
  Histogram append_to_apply_{latency_bounds()};
  Histogram applied_batch_{{1, 2, 4, 8, 16, 32, 64, 128, 256}};
  std::atomic<std::uint64_t> applied_offset_ = 0;

  std::unique_ptr<ReadBarrier> barrier_;  // none where nobody else can take the partition
  std::jthread decider_;
  std::jthread applier_;
};

}  // namespace daybook::eventstore
