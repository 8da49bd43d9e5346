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

// Lower-case letters and digits of the name, with hyphens between: "Acme Ltd" → acme-ltd.
std::string slug_of(std::string_view name) {
  std::string slug;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      slug += static_cast<char>(upper ? c + 32 : c);
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
    if (slug.size() == 50) break;
  }
  while (slug.ends_with('-')) slug.pop_back();
  return slug.empty() ? "workspace" : slug;
}

// A slug that no other workspace has: the wished one, or with a number behind.
std::string free_slug(const std::string& wished, const domain::View& view) {
  std::string slug = wished;
  for (int n = 2; view.find_unique(domain::kind_of<v1::Tenant>(), "slug", slug); ++n) {
    slug = wished + "-" + std::to_string(n);
  }
  return slug;
}

// Creating a workspace takes two commits: it is registered in the system workspace, then begins with its own first
// commit, whose ids come from the registration. The second is made again at start where a crash came between.
class WorkspaceCreation : public std::enable_shared_from_this<WorkspaceCreation> {
 public:
  WorkspaceCreation(Call call, v1::CreateWorkspace command) : call_(std::move(call)), command_(std::move(command)) {
    id_ = call_.service().random_id();
    owner_ = call_.service().random_id();
    key_id_ = call_.service().random_id();
    key_ = make_api_key({id_}, key_id_);
  }

  void run() {
    auto submission = make_submission(call_);
    if (!submission) return;
    submission->decide = [self = shared_from_this()](const domain::View& view, const domain::Context& context) {
      return self->register_workspace(view, context);
    };
    submission->done = [self = shared_from_this()](eventstore::Outcome outcome) { self->begin(std::move(outcome)); };
    call_.service().writer.submit(std::move(*submission));
  }

 private:
  domain::Result<eventstore::Decision> register_workspace(const domain::View& view, const domain::Context& context) {
    slug_ = command_.has_slug() ? command_.slug() : free_slug(slug_of(command_.name()), view);
    v1::Tenant tenant;
    tenant.set_name(command_.name());
    tenant.set_slug(slug_);
    if (command_.has_currency()) tenant.set_currency(command_.currency());
    if (command_.has_timezone()) tenant.set_timezone(command_.timezone());
    tenant.set_owner_name(command_.owner().name());
    if (command_.owner().has_email()) tenant.set_owner_email(command_.owner().email());
    tenant.set_owner_id(std::string(owner_.view()));
    auto events = domain::register_tenant(id_, tenant.SerializeAsString(), view, context);
    if (!events) return std::unexpected(std::move(events.error()));
    return eventstore::Decision{std::move(*events), {201, 0, id_, body_members()}};
  }

  std::string body_members() const {
    return member("id", id_.text()) + "," + member("name", command_.name()) + "," + member("slug", slug_) + "," +
           member("plan", "pro") + ",\"owner\":{" + member("id", owner_.text()) + "}";
  }

  void begin(eventstore::Outcome registered) {
    if (registered.kind != eventstore::Outcome::Kind::kCommitted) {
      return answer(std::move(registered), "\"api_key\":null");
    }
    eventstore::Submission submission;
    submission.workspace = {id_};
    submission.actor = call_.principal().actor;
    submission.origin = call_.route().method + " " + call_.route().pattern;
    submission.request_id = call_.request_id();
    submission.decide = [self = shared_from_this()](
                            const domain::View& view,
                            const domain::Context& context) -> domain::Result<eventstore::Decision> {
      auto events = domain::begin_workspace(self->new_workspace(), view, context);
      if (!events) return std::unexpected(std::move(events.error()));
      return eventstore::Decision{std::move(*events), {201, 0, self->id_, self->body_members()}};
    };
    submission.done = [self = shared_from_this()](eventstore::Outcome outcome) {
      self->answer(std::move(outcome), member("api_key", self->key_.text));
    };
    call_.service().writer.submit(std::move(submission));
  }

  domain::NewWorkspace new_workspace() const {
    return {command_.name(),          slug_,  command_.currency(), command_.timezone(), command_.owner().name(),
            command_.owner().email(), owner_, key_.secret_hash,    key_.prefix,         key_id_};
  }

  void answer(eventstore::Outcome outcome, std::string key_member) {
    call_.exchange().post(
        [self = shared_from_this(), outcome = std::move(outcome), key_member = std::move(key_member)] {
          using Kind = eventstore::Outcome::Kind;
          if (outcome.kind == Kind::kDryRun) {
            return self->call_.reply_json(
                200, "{\"dry_run\":true,\"events\":[],\"event_count\":1,\"result\":{" + outcome.answer.extra + "}}",
                outcome.position);
          }
          if (outcome.kind != Kind::kCommitted && outcome.kind != Kind::kReplayed) {
            return self->call_.reject(outcome.rejection);
          }
          Response response;
          response.status = 201;
          response.set_header("Content-Type", "application/json");
          response.set_header("Location", "/v1/workspaces/" + outcome.answer.id.text());
          response.set_header("Daybook-Position", std::to_string(outcome.position));
          if (outcome.kind == Kind::kReplayed) response.set_header("Idempotency-Replayed", "true");
          response.body = "{" + outcome.answer.extra + "," + key_member + "}";
          self->call_.reply(std::move(response));
        });
  }

  Call call_;
  v1::CreateWorkspace command_;
  model::Uuid id_;
  model::Uuid owner_;
  model::Uuid key_id_;
  NewApiKey key_;
  std::string slug_;
};

void create_workspace(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto input =
      read_body(call, *model::schema().message("daybook.v1.CreateWorkspace"), {ReadMode::kCommand, {}, {}, nullptr});
  if (!input) return;
  std::make_shared<WorkspaceCreation>(call, domain::parse<v1::CreateWorkspace>(input->own))->run();
}

void list_workspaces(Call& call) { list_records("tenant")(call); }

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
  for (const std::string& scope : scopes_of(principal, workspace))
    scopes += (scopes.empty() ? "" : ",") + json_string(scope);
  std::string entitlements;
  for (const std::string& entitlement : workspace.entitlements()) {
    entitlements += (entitlements.empty() ? "" : ",") + json_string(entitlement);
  }
  const auto& roles = model::schema().kind("member")->message->field("role")->options;
  std::string body = "{\"actor\":{\"kind\":\"api_key\"," + member("id", principal.actor.id.text()) + "},\"member_id\":";
  body += principal.member.is_nil() ? "null" : json_string(principal.member.text());
  body += "," + member("role", roles.at(static_cast<std::size_t>(principal.role))) + ",\"scopes\":[" + scopes + "]";
  body += ",\"workspace\":" +
          record_json(*rows, domain::kind_of<v1::Workspace>(), call.workspace().value, workspace.SerializeAsString());
  body += ",\"entitlements\":[" + entitlements + "]}";
  call.reply_json(200, std::move(body), projections::read_head(*rows).last_position());
}

void remove_member(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto id = call.id();
  if (!id) return call.not_found();
  run_command(call, [id = *id](const domain::View& view, const domain::Context& context) -> domain::Result<Decided> {
    auto events = domain::remove_member(id, view, context);
    if (!events) return std::unexpected(std::move(events.error()));
    return Decided{std::move(*events), 204, nullptr, id, {}};
  });
}

void create_key(Call& call) {
  if (!call.allow_parameters({})) return;
  const model::Kind& kind = domain::kind_of<v1::ApiKey>();
  const auto input = read_body(call, *kind.message, {ReadMode::kCreate, {}, {}, nullptr});
  if (!input) return;
  const model::Uuid id = call.service().random_id();
  const NewApiKey key = make_api_key(call.workspace(), id);
  v1::ApiKey record = domain::parse<v1::ApiKey>(input->own);
  record.set_secret_hash(key.secret_hash);
  record.set_prefix(key.prefix);
  run_command(call,
              [&kind, id, bytes = record.SerializeAsString()](
                  const domain::View& view, const domain::Context& context) -> domain::Result<Decided> {
                auto event = domain::create(kind, bytes, view, context, id);
                if (!event) return std::unexpected(std::move(event.error()));
                return Decided{{std::move(*event)}, 201, &kind, id, {}};
              },
              {nullptr, {}, member("api_key", key.text), "\"api_key\":null"});
}

void revoke_key(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto id = call.id();
  if (!id) return call.not_found();
  run_command(call, [id = *id](const domain::View& view, const domain::Context& context) -> domain::Result<Decided> {
    auto events = domain::revoke_key(id, view, context);
    if (!events) return std::unexpected(std::move(events.error()));
    return Decided{std::move(*events), 204, nullptr, id, {}};
  });
}

}  // namespace

std::vector<Route> workspace_routes() {
  return {
      {"POST", "/v1/workspaces", "operator", create_workspace},
      {"GET", "/v1/workspaces", "operator", list_workspaces},
      {"GET", "/v1/workspace", "workspace:read", get_workspace},
      {"PATCH", "/v1/workspace", "workspace:write", update_workspace},
      {"GET", "/v1/me", "any", get_me},
      {"GET", "/v1/members", "members:read", list_records("member")},
      {"POST", "/v1/members", "members:write", create_record("member")},
      {"GET", "/v1/members/{id}", "members:read", get_record("member")},
      {"PATCH", "/v1/members/{id}", "members:write", update_record("member")},
      {"DELETE", "/v1/members/{id}", "members:write", remove_member},
      {"GET", "/v1/keys", "keys:read", list_records("api_key")},
      {"POST", "/v1/keys", "keys:write", create_key},
      {"GET", "/v1/keys/{id}", "keys:read", get_record("api_key")},
      {"DELETE", "/v1/keys/{id}", "keys:write", revoke_key},
  };
}

}  // namespace daybook::api
