#include "api/imports/import_call.h"

#include <algorithm>
#include <atomic>
#include <charconv>

#include "api/json/import_options.h"
#include "api/render.h"
#include "domain/import_record.h"
#include "domain/workspace.h"
#include "projections/projector.h"

namespace daybook::api {
namespace {

constexpr std::chrono::seconds kLongestWait{60};

// Seconds of `Prefer: wait=30`, within bounds.
std::chrono::seconds preferred_wait(const Request& request) {
  const std::string_view header = request.header("Prefer").value_or(std::string_view{});
  const std::size_t at = header.find("wait=");
  int seconds = 0;
  if (at != std::string_view::npos) {
    const std::string_view number = header.substr(at + 5);
    std::from_chars(number.data(), number.data() + number.size(), seconds);
  }
  return std::clamp(std::chrono::seconds(seconds), std::chrono::seconds(0), kLongestWait);
}

// A client that waits for the end of an import, or for the end of its patience.
struct Waiting {
  Call call;
  model::Uuid import;
  std::atomic<bool> is_answered = false;
  std::atomic<std::uint64_t> place = 0;  // at the desk

  void answer(ImportAnswer with) {
    if (is_answered.exchange(true)) return;
    reply_import(call, import, with);
    call.service().imports->forget(place);
  }
};

// `begin` may end the import at once.
void reply_at_end(const Call& call, const model::Uuid& id, ImportAnswer at_end, const std::function<void()>& begin) {
  const auto waiting = std::make_shared<Waiting>(call, id);
  const ImportAnswer meanwhile{202, at_end.replayed};
  waiting->place = call.service().imports->on_end(
      id, [waiting, at_end] { waiting->call.exchange().post([waiting, at_end] { waiting->answer(at_end); }); });
  begin();
  const auto wait = preferred_wait(call.request());
  if (has_ended(call, id)) {
    waiting->answer(at_end);
  } else if (wait.count() == 0) {
    waiting->answer(meanwhile);
  } else {
    waiting->call.exchange().call_after(wait, [waiting, meanwhile] { waiting->answer(meanwhile); });
  }
}

// Rows are decided in order: all of them once the import is committed.
std::uint64_t decided_rows(const Call& call, const model::Uuid& id, const v1::Import& import) {
  if (import.state() == v1::Import::STATE_COMMITTED) return static_cast<std::uint64_t>(import.rows());
  if (import.state() != v1::Import::STATE_RUNNING) return 0;
  return call.service().imports->decided(id).value_or(0);
}

}  // namespace

bool has_ended(const Call& call, const model::Uuid& id) {
  const auto rows = call.rows();
  const auto import = domain::View(*rows, call.workspace()).find<v1::Import>(id);
  return import && import->state() != v1::Import::STATE_RUNNING && import->state() != v1::Import::STATE_UPLOADED;
}

bool may_import(Call& call) {
  const auto rows = call.rows();
  const auto workspace = domain::workspace_of(domain::View(*rows, call.workspace()));
  const auto& entitlements = workspace.entitlements();
  if (std::find(entitlements.begin(), entitlements.end(), "crm:import") != entitlements.end()) return true;
  call.reject("entitlement_required", "Imports are not part of the workspace's plan (crm:import).");
  return false;
}

void at_desk(Call& call, std::function<void(Call&)> job) {
  auto shared = std::make_shared<Call>(call);
  const bool taken = call.service().imports->take([shared, job = std::move(job)] {
    try {
      job(*shared);
    } catch (const std::exception&) {
      shared->reject("internal", "The file could not be worked on; nothing was done. The server's log says why.");
      throw;
    }
  });
  if (!taken) call.reject("unavailable", "Too many files are being worked on; try again.");
}

std::optional<FoundImport> find_import(Call& call) {
  const auto id = call.id();
  const auto rows = call.rows();
  auto record = id ? domain::View(*rows, call.workspace()).record(domain::kind_of<v1::Import>(), *id) : std::nullopt;
  if (!record) {
    call.reject("not_found", "There is no such import.");
    return std::nullopt;
  }
  const auto import = domain::parse<v1::Import>(*record);
  return FoundImport{*id, std::move(*record), import};
}

std::optional<ImportFile> file_of(Call& call, const FoundImport& found) {
  const auto blob = model::Uuid::from_bytes(found.import.blob_id());
  if (!blob || !call.service().imports->blobs().contains(call.workspace(), *blob)) {
    call.reject("deleted", "The file of this import is not kept any more; upload it again.");
    return std::nullopt;
  }
  const auto options = parse_import_options(found.import.options());
  if (!options) {
    call.reject(options.error());
    return std::nullopt;
  }
  const bool deals = found.import.kind() == v1::Import::KIND_DEALS;
  return ImportFile{call.workspace(), found.id, deals ? domain::ImportKind::kDeals : domain::ImportKind::kContacts,
                    *options};
}

std::optional<std::string> import_json(const Call& call, const domain::RowReader& rows, const model::Uuid& id,
                                       const std::string& extra) {
  const model::Kind& kind = domain::kind_of<v1::Import>();
  const auto record = domain::View(rows, call.workspace()).record(kind, id);
  if (!record) return std::nullopt;
  const std::uint64_t decided = decided_rows(call, id, domain::parse<v1::Import>(*record));
  const std::string members = "\"decided\":" + std::to_string(decided) + (extra.empty() ? "" : "," + extra);
  return record_json(rows, kind, id, *record, {{}, false, members});
}

void reply_import(Call& call, const model::Uuid& id, ImportAnswer answer, const std::string& extra) {
  const auto rows = call.rows();
  auto json = import_json(call, *rows, id, extra);
  if (!json) return call.reject("not_found", "There is no such import.");
  const auto record = domain::View(*rows, call.workspace()).record(domain::kind_of<v1::Import>(), id);
  Response response;
  response.status = answer.status;
  response.set_header("Content-Type", "application/json");
  response.set_header("Daybook-Position", std::to_string(projections::read_head(*rows).last_position()));
  response.set_header("ETag", etag_of(*record));
  if (answer.status != 200) response.set_header("Location", "/v1/imports/" + id.text());
  if (answer.replayed) response.set_header("Idempotency-Replayed", "true");
  response.body = std::move(*json);
  call.reply(std::move(response));
}

void launch_and_reply(Call& call, const ImportFile& file, const SharedPlan& plan, unsigned status) {
  reply_at_end(call, file.id, {status, false},
               [&] { call.service().imports->launch(file, plan, call.principal().member); });
}

void wait_and_reply(Call& call, const model::Uuid& id, ImportAnswer answer) {
  reply_at_end(call, id, answer, [] {});
}

}  // namespace daybook::api
