#include "cli/example_import.h"

#include <memory>
#include <stdexcept>

#include "daybook/v1/import.pb.h"
#include "domain/import_record.h"
#include "domain/import_run.h"

namespace daybook::cli {
namespace {

using domain::Context;
using domain::Events;
using domain::View;

// The second row has no address that could be one.
constexpr const char* kFile =
    "First name,Last name,Email\n"
    "Charles,Babbage,charles@engines.example\n"
    "Joseph,Clement,unknown\n";
constexpr std::size_t kRowsAtOnce = 100;

model::Uuid upload(ExampleWorkspace& workspace) {
  v1::Import record;
  record.set_kind(v1::Import::KIND_CONTACTS);
  record.set_file_name("guests.csv");
  record.set_bytes(static_cast<std::int64_t>(std::string_view(kFile).size()));
  const model::Uuid id = workspace.new_id();
  workspace.happen("POST /v1/imports", [&](const View& view, const Context& context) -> domain::Result<Events> {
    auto event = domain::upload_import(id, record, view, context);
    if (!event) return std::unexpected(event.error());
    return Events{std::move(*event)};
  });
  return id;
}

void start(ExampleWorkspace& workspace, const model::Uuid& id) {
  workspace.happen("POST /v1/imports/{id}/commit",
                   [&](const View& view, const Context&) { return domain::start_import(id, view); });
}

void run(ExampleWorkspace& workspace, const model::Uuid& id) {
  const domain::OpenSource open = [] { return domain::text_source(kFile); };
  auto plan = domain::build_plan(domain::ImportKind::kContacts, open, {});
  if (!plan) throw std::logic_error("the example's file cannot be imported: " + plan.error().front().detail);
  domain::ImportRun import(id, std::make_shared<const domain::ImportPlan>(std::move(*plan)), {}, open);
  workspace.happen("import", [&](const View& view, const Context& context) -> domain::Result<Events> {
    auto step = import.step(kRowsAtOnce, view, context);
    if (!step) return std::unexpected(step.error());
    return std::move(step->events);
  });
}

}  // namespace

void tell_imports(ExampleWorkspace& workspace) {
  const model::Uuid taken = upload(workspace);
  workspace.happen("PATCH /v1/imports/{id}", [&](const View& view, const Context&) {
    return domain::set_import_options(taken, R"({"profile":"auto"})", view);
  });
  start(workspace, taken);
  run(workspace, taken);
  const model::Uuid failed = upload(workspace);
  start(workspace, failed);
  workspace.happen("import", [&](const View& view, const Context&) {
    return domain::fail_import(failed, "The server was stopped while the import ran; nothing of it was kept.", view);
  });
  const model::Uuid given_up = upload(workspace);
  workspace.happen("DELETE /v1/imports/{id}",
                   [&](const View& view, const Context&) { return domain::cancel_import(given_up, view); });
}

}  // namespace daybook::cli
