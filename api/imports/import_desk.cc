#include "api/imports/import_desk.h"

#include "domain/draft.h"
#include "domain/import_record.h"
#include "eventstore/seal.h"
#include "model/named_thread.h"

namespace daybook::api {
namespace {

constexpr std::size_t kJobsWaiting = 64;
constexpr std::size_t kRowsAtOnce = 32;  // of an import: the writer serves others in between
constexpr std::size_t kDryRowsAtOnce = 64;
constexpr std::size_t kRemarksShown = 1000;
constexpr std::size_t kDigestBytes = std::size_t{64} << 10;

class RandomIds final : public domain::IdSource {
 public:
  explicit RandomIds(const std::function<model::Uuid()>& next) : next_(next) {}
  model::Uuid next() override { return next_(); }

 private:
  const std::function<model::Uuid()>& next_;
};

domain::Rejection rejection_of(const std::vector<domain::ImportProblem>& problems) {
  domain::Rejection rejection{"import_needs_options", problems.front().detail};
  for (const domain::ImportProblem& problem : problems) {
    rejection.errors.push_back({problem.pointer, problem.code, problem.detail});
  }
  return rejection;
}

void collect(const domain::Events& events, DryRun& out) {
  for (const domain::Event& event : events) {
    if (event.name != domain::event_name(*v1::ImportRemarked::descriptor())) continue;
    const auto remarked = domain::parse<v1::ImportRemarked>(event.data);
    for (const auto& error : remarked.errors()) {
      if (out.errors.size() < kRemarksShown) out.errors.push_back(error);
    }
    for (const auto& warning : remarked.warnings()) {
      if (out.warnings.size() < kRemarksShown) out.warnings.push_back(warning);
    }
  }
}

eventstore::Submission end_of_import(model::WorkspaceId workspace, const model::Uuid& id, const std::string& failure,
                                     bool cancelled) {
  eventstore::Submission submission;
  submission.workspace = workspace;
  submission.actor = {domain::Actor::Kind::kImport, id};
  submission.origin = "import";
  submission.is_closing = true;  // or the import would be said to run until the next start
  submission.decide = [id, failure, cancelled](const domain::View& view,
                                               const domain::Context&) -> domain::Result<eventstore::Decision> {
    auto events = domain::fail_import(id, failure, view);
    if (!events) return std::unexpected(std::move(events.error()));
    if (cancelled && !events->empty()) *events = {domain::business_event(v1::ImportCancelled(), id, id)};
    return eventstore::Decision{std::move(*events), {}};
  };
  submission.done = [](const eventstore::Outcome&) {};
  return submission;
}

}  // namespace

// The rows of a file, as the writer decides them.
class ImportDesk::FileImport final : public eventstore::BigCommand {
 public:
  FileImport(const ImportFile& file, const SharedPlan& plan, const domain::OpenSource& open,
             std::shared_ptr<RunningImport> running)
      : id_(file.id), run_(file.id, plan, file.options, open), running_(std::move(running)) {}

  domain::Result<Step> step(const domain::View& view, const domain::Context& context) override {
    if (running_->cancelled) return domain::reject("import_state", "The import was cancelled.");
    auto step = run_.step(kRowsAtOnce, view, context);
    if (!step) return std::unexpected(std::move(step.error()));
    running_->decided = run_.counts().rows;
    return Step{std::move(step->events), step->ended, {200, domain::kind_of<v1::Import>().number, id_, {}}};
  }

 private:
  const model::Uuid id_;
  domain::ImportRun run_;
  const std::shared_ptr<RunningImport> running_;
};

ImportDesk::ImportDesk(Parts parts)
    : parts_(std::move(parts)),
      thread_(model::named_thread("imports", [this](const std::stop_token& stop) { run(stop); })) {}

ImportDesk::~ImportDesk() { stop(); }

bool ImportDesk::take(Job job) {
  const std::lock_guard lock(mutex_);
  if (stopped_ || jobs_.size() >= kJobsWaiting) return false;
  jobs_.push_back(std::move(job));
  changed_.notify_one();
  return true;
}

void ImportDesk::stop() {
  std::deque<Job> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(jobs_);
    for (const auto& [id, running] : running_) running->cancelled = true;
  }
  thread_.request_stop();
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ImportDesk::run(const std::stop_token& stop) {
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return !jobs_.empty(); })) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    try {
      job();
    } catch (const std::exception& error) {
      parts_.log("an import could not be worked on: " + std::string(error.what()));
    }
  }
}

domain::OpenSource ImportDesk::opener(const ImportFile& file) {
  return [this, workspace = file.workspace, id = file.id] { return parts_.blobs.open(workspace, id); };
}

std::string ImportDesk::digest(const ImportFile& file) {
  auto source = parts_.blobs.open(file.workspace, file.id);
  std::string chunk(kDigestBytes, '\0');
  eventstore::Hash hash{};
  while (const std::size_t size = source(chunk)) {
    hash = eventstore::sha256({eventstore::view(hash), std::string_view(chunk).substr(0, size)});
  }
  return std::string(eventstore::view(hash));
}

domain::Result<SharedPlan> ImportDesk::plan(const ImportFile& file) {
  auto plan = domain::build_plan(file.kind, opener(file), file.options);
  if (!plan) return std::unexpected(rejection_of(plan.error()));
  if (plan->rows > kImportRows) {
    return domain::reject("too_large", "The file has " + std::to_string(plan->rows) +
                                           " rows; an import takes at most " + std::to_string(kImportRows) +
                                           ". Split the file.");
  }
  return std::make_shared<const domain::ImportPlan>(std::move(*plan));
}

domain::Result<DryRun> ImportDesk::dry_run(const ImportFile& file, const SharedPlan& plan, const model::Uuid& member) {
  const auto rows = parts_.state.rows(file.workspace, parts_.state.snapshot());
  RandomIds ids(parts_.random_id);
  const domain::Context context{parts_.clock_us(), ids.next(), {domain::Actor::Kind::kImport, file.id}, member, ids};
  const auto layer = parts_.state.stage(*rows);
  domain::Store store(*layer, file.workspace, {context.time_us, context.actor, context.command});
  domain::ImportRun run(file.id, plan, file.options, opener(file));
  DryRun found;
  for (bool ended = false; !ended;) {
    const auto step = run.step(kDryRowsAtOnce, store.view(), context);
    if (!step) return std::unexpected(step.error());
    collect(step->events, found);
    ended = step->ended;
    if (ended) break;  // what is left says only that it ended
    for (const domain::Event& event : step->events) domain::fold().apply(event, store);
  }
  found.counts = run.counts();
  return found;
}

void ImportDesk::launch(const ImportFile& file, const SharedPlan& plan, const model::Uuid& member) {
  auto running = std::make_shared<RunningImport>();
  {
    const std::lock_guard lock(mutex_);
    running_.emplace(file.id, running);
  }
  eventstore::Submission submission;
  submission.workspace = file.workspace;
  submission.actor = {domain::Actor::Kind::kImport, file.id};
  submission.member = member;
  submission.origin = "import";
  submission.big = std::make_shared<FileImport>(file, plan, opener(file), running);
  submission.done = [this, file](const eventstore::Outcome& outcome) { finish(file, outcome); };
  parts_.writers.submit(std::move(submission));
}

void ImportDesk::finish(const ImportFile& file, const eventstore::Outcome& outcome) {
  using Kind = eventstore::Outcome::Kind;
  bool was_cancelled = false;
  bool is_stopping = false;
  {
    const std::lock_guard lock(mutex_);
    const auto found = running_.find(file.id);
    was_cancelled = found != running_.end() && found->second->cancelled;
    is_stopping = stopped_;
    if (found != running_.end()) running_.erase(found);
  }
  if (outcome.kind == Kind::kCommitted || outcome.kind == Kind::kUnknown) return ended(file.id);
  // An end of the process cancels nothing: the next start says that the import failed.
  auto submission = end_of_import(file.workspace, file.id, outcome.rejection.detail, was_cancelled && !is_stopping);
  submission.done = [this, id = file.id](const eventstore::Outcome&) { ended(id); };
  parts_.writers.submit(std::move(submission));
}

std::uint64_t ImportDesk::on_end(const model::Uuid& id, std::function<void()> callback) {
  const std::lock_guard lock(mutex_);
  waiting_.emplace(++last_waiting_, Waiting{id, std::move(callback)});
  return last_waiting_;
}

void ImportDesk::forget(std::uint64_t waiting) {
  std::map<std::uint64_t, Waiting>::node_type forgotten;  // what it holds ends outside of the mutex
  const std::lock_guard lock(mutex_);
  forgotten = waiting_.extract(waiting);
}

void ImportDesk::ended(const model::Uuid& id) {
  std::vector<std::function<void()>> callbacks;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(waiting_, [&](auto& entry) {
      if (entry.second.import != id) return false;
      callbacks.push_back(std::move(entry.second.callback));
      return true;
    });
  }
  for (const auto& callback : callbacks) callback();
}

void ImportDesk::cancel(const model::Uuid& id) {
  const std::lock_guard lock(mutex_);
  const auto found = running_.find(id);
  if (found != running_.end()) found->second->cancelled = true;
}

std::optional<std::uint64_t> ImportDesk::decided(const model::Uuid& id) {
  const std::lock_guard lock(mutex_);
  const auto found = running_.find(id);
  if (found == running_.end()) return std::nullopt;
  return found->second->decided.load();
}

void fail_forsaken_imports(model::WorkspaceId workspace, projections::StateStore& state, eventstore::Writers& writers,
                           const std::function<bool(const model::Uuid& import)>& is_forsaken) {
  const auto rows = state.rows(workspace);
  for (const model::Uuid& id : domain::imports_in(v1::Import::STATE_RUNNING, domain::View(*rows, workspace))) {
    if (!is_forsaken(id)) continue;
    writers.submit(end_of_import(
        workspace, id, "The server ended while the import was running; nothing of it was kept. Import again.", false));
  }
}

}  // namespace daybook::api
