#include "api/routes/workspaces.h"

#include "api/command.h"
#include "api/render.h"
#include "api/routes/records.h"
#include "daybook/v1/workspace.pb.h"
#include "domain/workspace.h"
#include "projections/projector.h"

namespace daybook::api {
namespace {

std::string member(std::string_view name, std::string_view text) { return json_string(name) + ":" + json_string(text); }

void get_workspace(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto rows = call.rows();
  const auto record =
      domain::View(*rows, call.workspace()).record(domain::kind_of<v1::Workspace>(), call.workspace().value);
  if (!record) return call.not_found();
  Response response;
  response.set_header("Content-Type", "application/json");
  response.set_header("ETag", etag_of(*record));
  response.set_header("Daybook-Position", std::to_string(projections::read_head(*rows).last_position()));
  response.body = record_json(*rows, domain::kind_of<v1::Workspace>(), call.workspace().value, *record);
  call.reply(std::move(response));
}

void update_workspace(Call& call) {
  if (!call.allow_parameters({})) return;
  const model::Kind& kind = domain::kind_of<v1::Workspace>();
  const model::Uuid id = call.workspace().value;
  auto patch = read_patch(call, kind, id);
  if (!patch) return;
  run_command(call,
              [&kind, id, patch = std::move(*patch)](const domain::View& view,
                                                     const domain::Context&) -> domain::Result<Decided> {
                auto events = domain::update(kind, id, patch, view);
                if (!events) return std::unexpected(std::move(events.error()));
                return Decided{std::move(*events), 200, &kind, id, {}};
              },
              {&kind, id, {}, {}});
}

void get_me(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto rows = call.rows();
  const auto workspace = domain::workspace_of(domain::View(*rows, call.workspace()));
  const Principal& principal = call.principal();
  std::string scopes;
  for (const std::string& scope : domain::scopes_of(principal.access, workspace.settings()))
    scopes += (scopes.empty() ? "" : ",") + json_string(scope);
  std::string entitlements;
  for (const std::string& entitlement : workspace.entitlements()) {
    entitlements += (entitlements.empty() ? "" : ",") + json_string(entitlement);
  }
  const auto& roles = model::schema().kind("member")->message->field("role")->options;
  std::string body = "{\"actor\":{\"kind\":\"api_key\"," + member("id", principal.actor.id.text()) + "},\"member_id\":";
  body += principal.member.is_nil() ? "null" : json_string(principal.member.text());
  body +=
      "," + member("role", roles.at(static_cast<std::size_t>(principal.access.role))) + ",\"scopes\":[" + scopes + "]";
  body += ",\"workspace\":" +
          record_json(*rows, domain::kind_of<v1::Workspace>(), call.workspace().value, workspace.SerializeAsString());
  body += ",\"entitlements\":[" + entitlements + "]}";
  call.reply_json(200, std::move(body), projections::read_head(*rows).last_position());
}

void add_member(Call& call) {
  if (!call.allow_parameters({})) return;
  const model::Kind& kind = domain::kind_of<v1::Member>();
  auto input = read_body(call, *kind.message, {ReadMode::kCreate, {}, {}, nullptr});
  if (!input) return;
  run_command(call,
              [&kind, record = std::move(input->own)](const domain::View& view,
                                                      const domain::Context& context) -> domain::Result<Decided> {
                auto events = domain::add_member(record, view, context);
                if (!events) return std::unexpected(std::move(events.error()));
                const model::Uuid id = events->front().id;
                return Decided{std::move(*events), 201, &kind, id, {}};
              });
}

void update_member(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto id = call.id();
  if (!id) return call.not_found();
  const model::Kind& kind = domain::kind_of<v1::Member>();
  auto patch = read_patch(call, kind, *id);
  if (!patch) return;
  run_command(call,
              [&kind, id = *id, patch = std::move(*patch)](const domain::View& view,
                                                           const domain::Context& context) -> domain::Result<Decided> {
                auto events = domain::update_member(id, patch, view, context);
                if (!events) return std::unexpected(std::move(events.error()));
                return Decided{std::move(*events), 200, &kind, id, {}};
              },
              {&kind, *id, {}, {}});
}

using Withdraw = domain::Result<domain::Events> (*)(const model::Uuid&, const domain::View&, const domain::Context&);

// Members are removed and keys revoked; both stay as records.
void withdraw(Call& call, const model::Kind& kind, Withdraw decide) {
  if (!call.allow_parameters({})) return;
  const auto id = call.id();
  if (!id) return call.not_found();
  run_command(call,
              [id = *id, decide](const domain::View& view, const domain::Context& context) -> domain::Result<Decided> {
                auto events = decide(id, view, context);
                if (!events) return std::unexpected(std::move(events.error()));
                return Decided{std::move(*events), 204, nullptr, id, {}};
              },
              {&kind, *id, {}, {}});
}

void remove_member(Call& call) { withdraw(call, domain::kind_of<v1::Member>(), domain::remove_member); }
void revoke_key(Call& call) { withdraw(call, domain::kind_of<v1::ApiKey>(), domain::revoke_key); }

void create_key(Call& call) {
  if (!call.allow_parameters({})) return;
  const model::Kind& kind = domain::kind_of<v1::ApiKey>();
  const auto input = read_body(call, *kind.message, {ReadMode::kCreate, {}, {}, nullptr});
  if (!input) return;
  v1::ApiKey record = domain::parse<v1::ApiKey>(input->own);
  const model::Uuid id = call.service().random_id();
  const NewApiKey key = make_api_key(call.workspace(), id);
  record.set_secret_hash(key.secret_hash);
  record.set_prefix(key.prefix);
  run_command(call,
              [&kind, id, record](const domain::View& view, const domain::Context& context) -> domain::Result<Decided> {
                auto events = domain::create_key(id, record, view, context);
                if (!events) return std::unexpected(std::move(events.error()));
                return Decided{std::move(*events), 201, &kind, id, {}};
              },
              {nullptr, {}, member("api_key", key.text), "\"api_key\":null"});
}

// The old secret stops with the commit; the new one is shown once.
void rotate_key(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto id = call.id();
  if (!id) return call.not_found();
  const model::Kind& kind = domain::kind_of<v1::ApiKey>();
  const NewApiKey key = make_api_key(call.workspace(), *id);
  run_command(call,
              [&kind, id = *id, hash = key.secret_hash, prefix = key.prefix](
                  const domain::View& view, const domain::Context& context) -> domain::Result<Decided> {
                auto events = domain::rotate_key(id, hash, prefix, view, context);
                if (!events) return std::unexpected(std::move(events.error()));
                return Decided{std::move(*events), 200, &kind, id, {}};
              },
              {&kind, *id, member("api_key", key.text), "\"api_key\":null"});
}

}  // namespace

std::vector<Route> workspace_routes() {
  return {
      {"GET", "/v1/workspace", "workspace:read", get_workspace},
      {"PATCH", "/v1/workspace", "workspace:write", update_workspace},
      {"GET", "/v1/me", "any", get_me},
      {"GET", "/v1/members", "members:read", list_records("member")},
      {"POST", "/v1/members", "members:write", add_member},
      {"GET", "/v1/members/{id}", "members:read", get_record("member")},
      {"PATCH", "/v1/members/{id}", "members:write", update_member},
      {"DELETE", "/v1/members/{id}", "members:write", remove_member},
      {"GET", "/v1/keys", "keys:read", list_records("api_key")},
      {"POST", "/v1/keys", "keys:write", create_key},
      {"GET", "/v1/keys/{id}", "keys:read", get_record("api_key")},
      {"DELETE", "/v1/keys/{id}", "keys:write", revoke_key},
      {"POST", "/v1/keys/{id}/rotate", "keys:write", rotate_key},
  };
}

}  // namespace daybook::api
