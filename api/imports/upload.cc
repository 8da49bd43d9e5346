#include "api/imports/upload.h"

#include "api/command.h"
#include "api/imports/import_call.h"
#include "api/imports/import_json.h"
#include "api/imports/upload_file.h"
#include "api/json/import_options.h"
#include "domain/draft.h"
#include "domain/import_record.h"
#include "projections/projector.h"

namespace daybook::api {
namespace {

// What was uploaded, once its file is kept.
struct Upload {
  ImportFile file;
  SharedPlan plan;
  v1::Import record;
};

constexpr std::size_t kFileNameBytes = 500;

// At most so many bytes of UTF-8, and no half a character.
std::string shortened(const std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

std::optional<domain::ImportKind> kind_of_call(Call& call) {
  const auto kind = call.parameter("kind");
  if (kind == "contacts") return domain::ImportKind::kContacts;
  if (kind == "deals") return domain::ImportKind::kDeals;
  call.reject_parameter("kind", "Say kind=contacts or kind=deals.");
  return std::nullopt;
}

v1::Import record_of(const ImportFile& file, const UploadedFile& uploaded, const std::string& options,
                     const domain::ImportPlan& plan) {
  v1::Import record;
  record.set_kind(file.kind == domain::ImportKind::kDeals ? v1::Import::KIND_DEALS : v1::Import::KIND_CONTACTS);
  if (!uploaded.name.empty()) record.set_file_name(shortened(uploaded.name, kFileNameBytes));
  record.set_bytes(static_cast<std::int64_t>(plan.bytes));
  record.set_options(options);
  record.set_blob_id(std::string(file.id.view()));
  record.set_rows(static_cast<std::int64_t>(plan.rows));
  return record;
}

// Seals the file away and decides how it will be read; what cannot be read is not kept.
domain::Result<Upload> keep(Call& call, domain::ImportKind kind) {
  const Request& request = call.request();
  if (request.body_file.empty()) {
    return domain::invalid("", "required", "The file is empty: send a CSV with a header as the body.");
  }
  const auto uploaded = find_uploaded_file(request.body_file, request.header("Content-Type").value_or(""));
  if (!uploaded) return std::unexpected(uploaded.error());
  const std::string options = call.parameter("options").value_or(uploaded->options);
  auto parsed = parse_import_options(options);
  if (!parsed) return std::unexpected(parsed.error());

  Upload upload{{call.workspace(), call.service().random_id(), kind, std::move(*parsed)}, {}, {}};
  ImportDesk& desk = *call.service().imports;
  desk.blobs().put(call.workspace(), upload.file.id, read_range(request.body_file, uploaded->begin, uploaded->end));
  auto plan = desk.plan(upload.file);
  if (!plan) {
    desk.blobs().remove(call.workspace(), upload.file.id);
    return std::unexpected(plan.error());
  }
  upload.plan = std::move(*plan);
  upload.record = record_of(upload.file, *uploaded, options, *upload.plan);
  return upload;
}

void try_it(Call& call, const Upload& upload) {
  ImportDesk& desk = *call.service().imports;
  const auto found = desk.dry_run(upload.file, upload.plan, call.principal().member);
  desk.blobs().remove(call.workspace(), upload.file.id);
  if (!found) return call.reject(found.error());
  const auto rows = call.rows();
  call.reply_json(200, "{" + dry_run_members(*found, *upload.plan) + "}",
                  projections::read_head(*rows).last_position());
}

domain::Result<eventstore::Decision> decide_upload(const Upload& upload, bool commit, const domain::View& view,
                                                   const domain::Context& context) {
  auto uploaded = domain::upload_import(upload.file.id, upload.record, view, context);
  if (!uploaded) return std::unexpected(std::move(uploaded.error()));
  domain::Draft draft(view, context);
  draft.add(std::move(*uploaded));
  if (commit) {
    const auto started = domain::start_import(upload.file.id, draft.view());
    if (!started) return std::unexpected(started.error());
    draft.add(*started);
  }
  return eventstore::Decision{draft.take(), {201, domain::kind_of<v1::Import>().number, upload.file.id, {}}};
}

void answer(Call& call, const Upload& upload, bool commit, const eventstore::Outcome& outcome) {
  using Kind = eventstore::Outcome::Kind;
  const bool is_new = outcome.kind == Kind::kCommitted;
  // Nobody knows yet whether one that is unknown was done; its file may be asked for.
  const bool has_no_use = !is_new && outcome.kind != Kind::kUnknown;
  if (has_no_use) call.service().imports->blobs().remove(call.workspace(), upload.file.id);
  if (is_new && commit) return launch_and_reply(call, upload.file, upload.plan, 201);
  if (!is_new && outcome.kind != Kind::kReplayed) return call.reject(outcome.rejection);
  if (commit) return wait_and_reply(call, outcome.answer.id, {201, true});
  const model::Uuid id = is_new ? upload.file.id : outcome.answer.id;
  reply_import(call, id, {201, !is_new}, preview_members(*upload.plan, upload.file.options));
}

}  // namespace

void upload_file(Call& call) {
  const auto kind = kind_of_call(call);
  if (!kind) return;
  auto kept = keep(call, *kind);
  if (!kept) return call.reject(kept.error());
  const auto upload = std::make_shared<const Upload>(std::move(*kept));
  if (call.flag("dry_run")) return try_it(call, *upload);
  const bool commit = call.flag("commit");
  auto submission = make_submission(call);
  if (!submission) return call.service().imports->blobs().remove(call.workspace(), upload->file.id);
  if (submission->idempotency) {
    // The body stands in a file, so its request is told from others by what was read of it.
    submission->idempotency->request_hash.append(call.service().imports->digest(upload->file));
  }
  submission->decide = [upload, commit](const domain::View& view, const domain::Context& context) {
    return decide_upload(*upload, commit, view, context);
  };
  submission->done = [call, upload, commit](const eventstore::Outcome& outcome) {
    call.exchange().post([call, upload, commit, outcome]() mutable { answer(call, *upload, commit, outcome); });
  };
  call.service().writers.submit(std::move(*submission));
}

}  // namespace daybook::api
