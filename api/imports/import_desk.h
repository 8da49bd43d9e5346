#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "daybook/v1/import.pb.h"
#include "domain/import_run.h"
#include "eventstore/blob_store.h"
#include "eventstore/writers.h"
#include "projections/state_store.h"

namespace daybook::api {

/// An import takes at most this many rows. What they change stands on disk until it is closed, so memory is no bound.
inline constexpr std::uint64_t kImportRows = 1'000'000;

/// The file of an import and how it is to be read.
struct ImportFile {
  model::WorkspaceId workspace;
  model::Uuid id;  // of the import and of its blob
  domain::ImportKind kind = domain::ImportKind::kContacts;
  domain::ImportOptions options{};
};
using SharedPlan = std::shared_ptr<const domain::ImportPlan>;

/// What a dry run over a whole file found.
struct DryRun {
  domain::ImportCounts counts;
  std::vector<v1::ImportRemark> errors;    // the first thousand
  std::vector<v1::ImportRemark> warnings;  // likewise
};

/// A running import, seen from outside: its rows so far. Counts are as of the last step; the rest is one bit.
struct RunningImport {
  std::atomic<bool> cancelled = false;
  std::atomic<std::uint64_t> decided = 0;  // rows
};

/// Where imports are worked on: one thread that reads files (they are large, and connections must not wait for them),
/// and the way of an import through the writer. Thread-safe.
class ImportDesk {
 public:
  using Job = std::function<void()>;
  struct Parts {
    projections::StateStore& state;
    eventstore::Writers& writers;
    eventstore::BlobStore& blobs;
    std::function<std::int64_t()> clock_us;
    std::function<model::Uuid()> random_id;
    std::function<void(const std::string&)> log;
  };

  /// The parts outlive the desk.
  explicit ImportDesk(Parts parts);
  ~ImportDesk();

  /// Runs the job soon, in order; false, and it is dropped, if too many wait or the desk is closed.
  bool take(Job job);
  /// Waits for the running job and drops the others.
  void stop();

  /// For jobs. How the file will be read, or import_needs_options with pointers into the options.
  domain::Result<SharedPlan> plan(const ImportFile& file);
  domain::Result<DryRun> dry_run(const ImportFile& file, const SharedPlan& plan, const model::Uuid& member);
  domain::OpenSource opener(const ImportFile& file);
  /// A hash of the file's bytes.
  std::string digest(const ImportFile& file);
  eventstore::BlobStore& blobs() { return parts_.blobs; }

  /// The import was started: its rows go to the writer. Whatever comes of it stands in its record.
  void launch(const ImportFile& file, const SharedPlan& plan, const model::Uuid& member);
  /// Calls back once when the import has ended, from a thread that must not wait; the answer is for `forget`. Ask
  /// before it is launched.
  std::uint64_t on_end(const model::Uuid& id, std::function<void()> callback);
  /// Nobody waits there any more. Harmless after the call.
  void forget(std::uint64_t waiting);
  void cancel(const model::Uuid& id);
  /// How many rows of a running import have been decided; nothing if it does not run here.
  std::optional<std::uint64_t> decided(const model::Uuid& id);

 private:
  class FileImport;

  void run(const std::stop_token& stop);
  void finish(const ImportFile& file, const eventstore::Outcome& outcome);
  void ended(const model::Uuid& id);

  const Parts parts_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable_any changed_;
  std::deque<Job> jobs_;
  bool stopped_ = false;
  struct Waiting {
    model::Uuid import;
    std::function<void()> callback;
  };
  std::map<std::uint64_t, Waiting> waiting_;
  std::uint64_t last_waiting_ = 0;
  std::map<model::Uuid, std::shared_ptr<RunningImport>> running_;
  std::jthread thread_;
};

/// Running imports that nobody works on any more: they left nothing behind, and their records say so from here on.
/// `is_forsaken` is asked about each that runs.
void fail_forsaken_imports(model::WorkspaceId workspace, projections::StateStore& state, eventstore::Writers& writers,
                           const std::function<bool(const model::Uuid& import)>& is_forsaken);

}  // namespace daybook::api
