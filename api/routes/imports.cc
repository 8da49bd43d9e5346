#include "api/routes/imports.h"

#include "api/command.h"
#include "api/imports/import_call.h"
#include "api/imports/import_json.h"
#include "api/imports/import_progress.h"
#include "api/imports/upload.h"
#include "api/json/import_options.h"
#include "api/page.h"
#include "api/routes/records.h"
#include "domain/import/csv_writer.h"
#include "domain/import_record.h"
#include "projections/projector.h"

namespace daybook::api {
namespace {

constexpr std::size_t kCsvBytes = std::size_t{64} << 20;  // of errors.csv

std::uint64_t position_of(const domain::RowReader& rows) { return projections::read_head(rows).last_position(); }

void post_import(Call& call) {
  if (!call.allow_parameters({"kind", "commit", "options"})) return;
  if (may_import(call)) at_desk(call, upload_file);
}

void get_import(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto found = find_import(call);
  if (!found) return;
  if (found->import.state() != v1::Import::STATE_UPLOADED) return reply_import(call, found->id, {});
  at_desk(call, [found = *found](Call& at) {
    const auto file = file_of(at, found);
    if (!file) return;
    const auto plan = at.service().imports->plan(*file);
    reply_import(at, found.id, {}, plan ? preview_members(**plan, file->options) : std::string());
  });
}

void set_options(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto found = find_import(call);
  if (!found) return;
  call.body_was_read();
  const auto options = options_in_body(call.request().body);
  if (!options) return call.reject(options.error());
  at_desk(call, [found = *found, options = *options](Call& at) mutable {
    found.import.set_options(options);
    const auto file = file_of(at, found);
    if (!file) return;
    const auto plan = at.service().imports->plan(*file);
    if (!plan) return at.reject(plan.error());
    const std::string shown = preview_members(**plan, file->options);
    run_command(
        at,
        [id = found.id, options, shown](const domain::View& view, const domain::Context&) -> domain::Result<Decided> {
          auto events = domain::set_import_options(id, options, view);
          if (!events) return std::unexpected(std::move(events.error()));
          return Decided{std::move(*events), 200, &domain::kind_of<v1::Import>(), id, shown};
        },
        {&domain::kind_of<v1::Import>(), found.id, {}, {}});
  });
}

void reply_dry_run(Call& call, const ImportFile& file, const SharedPlan& plan) {
  const auto run = call.service().imports->dry_run(file, plan, call.principal().member);
  if (!run) return call.reject(run.error());
  const auto rows = call.rows();
  call.reply_json(200, "{" + dry_run_members(*run, *plan) + "}", position_of(*rows));
}

void try_import(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto found = find_import(call);
  if (!found) return;
  at_desk(call, [found = *found](Call& at) {
    const auto file = file_of(at, found);
    if (!file) return;
    const auto plan = at.service().imports->plan(*file);
    if (!plan) return at.reject(plan.error());
    reply_dry_run(at, *file, *plan);
  });
}

void start(Call& call, const ImportFile& file, const SharedPlan& plan) {
  auto submission = make_submission(call);
  if (!submission) return;
  submission->decide = [id = file.id, if_match = if_match_of(call)](
                           const domain::View& view, const domain::Context&) -> domain::Result<eventstore::Decision> {
    if (auto moved_on = match_version(if_match, domain::kind_of<v1::Import>(), id, view))
      return std::unexpected(std::move(*moved_on));
    auto events = domain::start_import(id, view);
    if (!events) return std::unexpected(std::move(events.error()));
    return eventstore::Decision{std::move(*events), {200, domain::kind_of<v1::Import>().number, id, {}}};
  };
  submission->done = [call, file, plan](const eventstore::Outcome& outcome) {
    call.exchange().post([call, file, plan, outcome]() mutable {
      using Kind = eventstore::Outcome::Kind;
      if (outcome.kind == Kind::kCommitted) return launch_and_reply(call, file, plan, 200);
      if (outcome.kind == Kind::kReplayed) return wait_and_reply(call, file.id, {200, true});
      call.reject(outcome.rejection);
    });
  };
  call.service().writers.submit(std::move(*submission));
}

// What the start of the import would be refused for.
std::optional<domain::Rejection> start_refusal(const Call& call, const model::Uuid& id) {
  const auto rows = call.rows();
  const auto events = domain::start_import(id, domain::View(*rows, call.workspace()));
  return events ? std::nullopt : std::optional(events.error());
}

void commit_import(Call& call) {
  if (!call.allow_parameters({})) return;
  if (!may_import(call)) return;
  const auto found = find_import(call);
  if (!found) return;
  if (const auto refusal = start_refusal(call, found->id); refusal && call.flag("dry_run"))
    return call.reject(*refusal);
  at_desk(call, [found = *found](Call& at) {
    const auto file = file_of(at, found);
    if (!file) return;
    const auto plan = at.service().imports->plan(*file);
    if (!plan) return at.reject(plan.error());
    if (at.flag("dry_run")) return reply_dry_run(at, *file, *plan);
    start(at, *file, *plan);
  });
}

// Nothing is decided by the writer while an import runs, so what the end of it would be is made here.
void answer_dry_cancel(Call& call, const model::Uuid& id) {
  const auto rows = call.rows();
  domain::LayerRows layer(*rows);
  domain::Store store(layer, call.workspace(), {call.service().clock_us(), call.principal().actor, {}});
  const domain::Event cancelled = domain::business_event(v1::ImportCancelled(), id, id);
  domain::fold().apply(cancelled, store);
  eventstore::Outcome outcome;
  outcome.events = {cancelled};
  outcome.changes = std::make_shared<domain::LayerRows::Changes>(layer.take());
  outcome.position = position_of(*rows);
  answer_dry_run(call, outcome);
}

void cancel_import(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto found = find_import(call);
  if (!found) return;
  const model::Kind& kind = domain::kind_of<v1::Import>();
  if (found->import.state() == v1::Import::STATE_RUNNING) {
    const auto rows = call.rows();
    const domain::View view(*rows, call.workspace());
    if (const auto moved_on = match_version(if_match_of(call), kind, found->id, view)) return call.reject(*moved_on);
    if (call.flag("dry_run")) return answer_dry_cancel(call, found->id);
    call.service().imports->cancel(found->id);
    return wait_and_reply(call, found->id, {});
  }
  run_command(call,
              [id = found->id](const domain::View& view, const domain::Context&) -> domain::Result<Decided> {
                auto events = domain::cancel_import(id, view);
                if (!events) return std::unexpected(std::move(events.error()));
                return Decided{std::move(*events), 204, nullptr, id, {}};
              },
              {&kind, found->id, {}, {}});
}

void get_progress(Call& call) {
  if (!call.allow_parameters({})) return;
  if (const auto found = find_import(call)) std::make_shared<ImportProgress>(call, found->id)->start();
}

Handle list_remarks(domain::RemarkKind kind) {
  return [kind](Call& call) {
    if (!call.allow_parameters({"limit", "cursor"})) return;
    const auto found = find_import(call);
    if (!found) return;
    const auto limit = page_limit(call);
    if (!limit) return;
    const auto start = page_start(call);
    if (!start) return;
    const std::size_t skip = parse_position(*start).value_or(0);
    const auto rows = call.rows();
    auto page = domain::remarks_of(found->id, kind, skip, *limit + 1, domain::View(*rows, call.workspace()));
    std::optional<std::string> next;
    if (page.size() > *limit) {
      page.pop_back();
      next = std::to_string(skip + *limit);
    }
    reply_page(call, remarks_json(page), next, position_of(*rows));
  };
}

// The failed rows as the file has them, with the reason behind.
std::string failed_rows(const domain::ImportPlan& plan, const domain::OpenSource& open,
                        const std::vector<v1::ImportRemark>& errors) {
  std::string out;
  const domain::CsvStyle style;
  std::vector<std::string_view> cells(plan.header.begin(), plan.header.end());
  cells.emplace_back("reason");
  domain::append_csv_record(out, cells, style);
  domain::CsvReader reader(open(), plan.csv);
  domain::CsvRecord record;
  auto error = errors.begin();
  while (error != errors.end() && out.size() < kCsvBytes && reader.next(record).value_or(false)) {
    if (record.row != static_cast<std::uint64_t>(error->row())) continue;
    std::string reason;
    for (; error != errors.end() && record.row == static_cast<std::uint64_t>(error->row()); ++error) {
      reason +=
          (reason.empty() ? "" : "; ") + (error->column().empty() ? "" : error->column() + ": ") + error->detail();
    }
    cells.assign(record.cells.begin(), record.cells.end());
    cells.emplace_back(reason);
    domain::append_csv_record(out, cells, style);
  }
  return out;
}

void list_failed_rows(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto found = find_import(call);
  if (!found) return;
  at_desk(call, [found = *found](Call& at) {
    const auto file = file_of(at, found);
    if (!file) return;
    const auto plan = at.service().imports->plan(*file);
    if (!plan) return at.reject(plan.error());
    const auto rows = at.rows();
    const auto errors = domain::remarks_of(found.id, domain::RemarkKind::kError, 0, domain::kRemarksKept,
                                           domain::View(*rows, at.workspace()));
    Response response;
    response.set_header("Content-Type", "text/csv; charset=utf-8");
    response.set_header("Content-Disposition", "attachment; filename=\"errors.csv\"");
    response.set_header("Daybook-Position", std::to_string(position_of(*rows)));
    response.body = failed_rows(**plan, at.service().imports->opener(*file), errors);
    at.reply(std::move(response));
  });
}

}  // namespace

std::vector<Route> import_routes() {
  std::vector<Route> routes{
      {"GET", "/v1/imports", "imports:read", list_records("import")},
      {"POST", "/v1/imports", "imports:write", post_import},
      {"GET", "/v1/imports/{id}", "imports:read", get_import},
      {"PATCH", "/v1/imports/{id}", "imports:write", set_options},
      {"DELETE", "/v1/imports/{id}", "imports:write", cancel_import},
      {"POST", "/v1/imports/{id}/dry-run", "imports:write", try_import},
      {"POST", "/v1/imports/{id}/commit", "imports:write", commit_import},
      {"GET", "/v1/imports/{id}/progress", "imports:read", get_progress, "text/event-stream"},
      {"GET", "/v1/imports/{id}/errors", "imports:read", list_remarks(domain::RemarkKind::kError)},
      {"GET", "/v1/imports/{id}/errors.csv", "imports:read", list_failed_rows, "text/csv"},
      {"GET", "/v1/imports/{id}/warnings", "imports:read", list_remarks(domain::RemarkKind::kWarning)},
  };
  // Their files, and how far they are, are where they run.
  for (Route& route : routes) route.is_at_owner = true;
  return routes;
}

}  // namespace daybook::api
