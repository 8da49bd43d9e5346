#include "api/routes/records.h"

#include "api/command.h"
#include "api/expand.h"
#include "api/page.h"
#include "api/render.h"
#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "domain/deletion.h"
#include "domain/facts.h"
#include "domain/pipeline.h"
#include "projections/history.h"
#include "projections/projector.h"

namespace daybook::api {
namespace {

const model::Kind& kind_named(std::string_view name) { return *model::schema().kind(name); }

std::uint64_t position_of(const domain::RowReader& rows) { return projections::read_head(rows).last_position(); }

// Sub-resources of a merged contact are the survivor's too.
void answer_merged(Call& call, const model::Uuid& survivor, std::uint64_t position) {
  std::string location = call.request().target;
  const auto place = location.find(call.value(0));
  if (place != std::string::npos) location.replace(place, call.value(0).size(), survivor.text());
  Response response;
  response.status = 307;
  response.set_header("Location", location);
  response.set_header("Cache-Control", "no-store");
  response.set_header("Content-Type", "application/json");
  response.set_header("Daybook-Position", std::to_string(position));
  response.body = "{\"merged_into\":" + json_string(survivor.text()) + "}";
  call.reply(std::move(response));
}

// The last survivor of a chain of merges; nothing where the record was not merged away.
std::optional<model::Uuid> survivor_of(const model::Kind& kind, std::string_view record, const domain::View& view) {
  if (kind.number != domain::kind_of<v1::Contact>().number) return std::nullopt;
  std::optional<model::Uuid> survivor;
  std::string current(record);
  while (const auto next = model::get_uuid(current, v1::Contact::kMergedIntoFieldNumber)) {
    survivor = next;
    const auto further = view.record(kind, *next);
    if (!further) break;
    current = *further;
  }
  return survivor;
}

std::optional<model::Uuid> named_id(const Call& call, const model::Kind& kind, const domain::View& view) {
  return kind.number == domain::kind_of<v1::Pipeline>().number ? pipeline_of(call, view) : call.id();
}

}  // namespace

std::optional<model::Uuid> pipeline_of(const Call& call, const domain::View& view) {
  return call.value(0) == "default" ? domain::first_pipeline(view) : call.id();
}

std::optional<std::uint64_t> as_of_position(Call& call, const std::string& as_of, const domain::RowReader& rows) {
  const auto position = parse_point(as_of, rows);
  if (!position) {
    call.reject_parameter("as_of", "as_of is an RFC 3339 time, a date (its end in UTC), or a position.");
  } else if (*position > position_of(rows)) {
    call.reject("position_ahead", "The last event is at position " + std::to_string(position_of(rows)) + ".");
    return std::nullopt;
  }
  return position;
}

std::optional<FoundRecord> find_record_at(Call& call, const model::Kind& kind, const domain::RowReader& rows,
                                          std::optional<std::uint64_t> position) {
  const domain::View view(rows, call.workspace());
  const auto id = named_id(call, kind, view);
  // That a record of this kind is there now is looked at first: history goes by the id alone.
  auto record = id ? view.record(kind, *id) : std::nullopt;
  if (record && position) record = projections::record_as_of(rows, *id, *position);
  if (!record) {
    call.reject("not_found", "There is no such " + kind.name + ".");
    return std::nullopt;
  }
  if (call.flag("include_deleted")) return FoundRecord{*id, std::move(*record)};
  if (const auto survivor = survivor_of(kind, *record, view)) {
    answer_merged(call, *survivor, position_of(rows));
    return std::nullopt;
  }
  if (!domain::is_deleted(*record)) return FoundRecord{*id, std::move(*record)};
  call.reject("deleted", "This " + kind.name + " is deleted; read it with include_deleted=true or restore it.");
  return std::nullopt;
}

std::optional<FoundRecord> find_record(Call& call, const model::Kind& kind, const domain::RowReader& rows) {
  return find_record_at(call, kind, rows, std::nullopt);
}

void answer_record(Call& call, const model::Kind& kind) {
  if (!call.allow_parameters({"include_deleted", "as_of", "fields", "expand"})) return;
  const auto rows = call.rows();
  const auto shown = read_shown(call, kind, *rows);
  if (!shown) return;
  std::optional<std::uint64_t> position;
  if (const auto as_of = call.parameter("as_of")) {
    position = as_of_position(call, *as_of, *rows);
    if (!position) return;
  }
  const auto found = find_record_at(call, kind, *rows, position);
  if (!found) return;
  Response response;
  response.set_header("Daybook-Position", std::to_string(position_of(*rows)));
  // The ETag is of the bare record as it stands now.
  if (!position && !shown->selection && shown->expand.empty()) {
    const std::string etag = etag_of(found->record);
    response.set_header("ETag", etag);
    if (call.is_cached(etag)) {
      response.status = 304;
      return call.reply(std::move(response));
    }
  }
  response.set_header("Content-Type", "application/json");
  response.body = shown_json(*rows, kind, found->id, found->record, *shown, false);
  call.reply(std::move(response));
}

std::optional<model::Patch> read_patch(Call& call, const model::Kind& kind, const model::Uuid& id, Refusal refusal) {
  const auto rows = call.rows();
  const auto existing = domain::View(*rows, call.workspace()).record(kind, id);
  const std::string currency = workspace_currency(call);
  auto input = read_fields(call, *kind.message,
                           {ReadMode::kUpdate, existing ? *existing : std::string_view{}, currency, refusal});
  if (!input) return std::nullopt;
  return model::Patch{std::move(input->own), std::move(input->cleared)};
}

Handle get_record(std::string_view name) {
  return [&kind = kind_named(name)](Call& call) { answer_record(call, kind); };
}

Handle create_record(std::string_view name) {
  return [&kind = kind_named(name)](Call& call) {
    if (!call.allow_parameters({})) return;
    const std::string currency = workspace_currency(call);
    auto input = read_fields(call, *kind.message, {ReadMode::kCreate, {}, currency, nullptr});
    if (!input) return;
    run_command(call,
                [&kind, record = std::move(input->own)](const domain::View& view,
                                                        const domain::Context& context) -> domain::Result<Decided> {
                  auto event = domain::create(kind, record, view, context);
                  if (!event) return std::unexpected(std::move(event.error()));
                  const model::Uuid id = event->id;
                  return Decided{{std::move(*event)}, 201, &kind, id, {}};
                });
  };
}

Handle update_record(std::string_view name) {
  return [&kind = kind_named(name)](Call& call) {
    if (!call.allow_parameters({})) return;
    const auto id = call.id();
    if (!id) return call.not_found();
    auto patch = read_patch(call, kind, *id);
    if (!patch) return;
    run_command(call,
                [&kind, id = *id, patch = std::move(*patch)](const domain::View& view,
                                                             const domain::Context&) -> domain::Result<Decided> {
                  auto events = domain::update(kind, id, patch, view);
                  if (!events) return std::unexpected(std::move(events.error()));
                  return Decided{std::move(*events), 200, &kind, id, {}};
                },
                {&kind, *id, {}, {}});
  };
}

Handle delete_record(std::string_view name) {
  return [&kind = kind_named(name)](Call& call) {
    if (!call.allow_parameters({})) return;
    const auto id = call.id();
    if (!id) return call.not_found();
    run_command(call,
                [&kind, id = *id](const domain::View& view, const domain::Context& context) -> domain::Result<Decided> {
                  auto events = domain::remove(kind, id, view, context);
                  if (!events) return std::unexpected(std::move(events.error()));
                  return Decided{std::move(*events), 204, nullptr, id, {}};
                },
                {&kind, *id, {}, {}});
  };
}

Handle restore_record(std::string_view name) {
  return [&kind = kind_named(name)](Call& call) {
    if (!call.allow_parameters({})) return;
    const auto id = call.id();
    if (!id) return call.not_found();
    run_command(call,
                [&kind, id = *id](const domain::View& view, const domain::Context& context) -> domain::Result<Decided> {
                  auto events = domain::restore(kind, id, view, context);
                  if (!events) return std::unexpected(std::move(events.error()));
                  return Decided{std::move(*events), 200, &kind, id, {}};
                },
                {&kind, *id, {}, {}});
  };
}

std::vector<Route> generic_routes(std::string_view name, std::string_view scope) {
  const std::string path = "/v1/" + kind_named(name).plural;
  const std::string reads = std::string(scope) + ":read";
  const std::string writes = std::string(scope) + ":write";
  return {
      {"GET", path, reads, list_records(name)},
      {"POST", path, writes, create_record(name)},
      {"GET", path + "/{id}", reads, get_record(name)},
      {"PATCH", path + "/{id}", writes, update_record(name)},
      {"DELETE", path + "/{id}", writes, delete_record(name)},
      {"POST", path + "/{id}/restore", writes, restore_record(name)},
  };
}

}  // namespace daybook::api
