#include "api/routes/operator.h"

#include "api/command.h"
#include "api/nodes/hand_on.h"
#include "api/nodes/inner_exchange.h"
#include "api/registration.h"
#include "api/render.h"
#include "api/routes/records.h"
#include "daybook/v1/contact.pb.h"
#include "daybook/v1/workspace.pb.h"
#include "domain/plan.h"
#include "domain/workspace.h"
#include "eventstore/refusals.h"
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
// commit, whose ids come from the registration. The second is made again at start where a crash came between. Another
// node may have the new workspace's partition: then that one lets it begin.
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
    call_.service().writers.submit(std::move(*submission));
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
    if (!call_.service().writers.owns({id_})) return begin_elsewhere(registered.position);
    eventstore::Submission submission;
    submission.has_client = true;
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
    // The position is that of the registration, first time and replayed: the request's workspace is the operator's.
    submission.done = [self = shared_from_this(), position = registered.position](eventstore::Outcome outcome) {
      using Kind = eventstore::Outcome::Kind;
      // Nothing of this commit was done, but the registration was.
      // Or it was made by another node meanwhile, without the key.
      if (outcome.kind == Kind::kUnavailable || outcome.kind == Kind::kDiskFull || outcome.kind == Kind::kUnchanged) {
        outcome = eventstore::unknown();
      }
      outcome.position = position;
      self->answer(std::move(outcome), member("api_key", self->key_.text));
    };
    call_.service().writers.submit(std::move(submission));
  }

  // The node that has the workspace's partition lets it begin when it is asked for a key of its owner.
  void begin_elsewhere(std::uint64_t registered_position) {
    const Service& service = call_.service();
    Request request;
    request.method = "POST";
    request.path = request.target = "/v1/workspaces/" + id_.text() + "/keys";
    request.headers = {{"Authorization", "Bearer " + service.operator_key},
                       {"Content-Type", "application/json"},
                       {"Daybook-Min-Position", std::to_string(registered_position)}};
    request.body = "{" + member("name", command_.owner().name()) + "}";
    const auto exchange = std::make_shared<InnerExchange>(
        call_.shared_exchange(), std::move(request),
        [self = shared_from_this(), registered_position](Response key) { self->begun(key, registered_position); });
    const Tracing tracing{call_.request_id(), {}, std::chrono::steady_clock::now()};
    if (!hand_on(service, {exchange, nullptr, {id_}, tracing})) begun({}, registered_position);
  }

  // `key` is an answer of issue_owner_key.
  void begun(const Response& key, std::uint64_t registered_position) {
    constexpr std::string_view kMember = "\"api_key\":\"";
    const auto at = key.body.find(kMember);
    if (key.status != 201 || at == std::string::npos) return answer(eventstore::unknown(), {});
    const auto begin = at + kMember.size();
    eventstore::Outcome outcome;
    outcome.kind = eventstore::Outcome::Kind::kCommitted;
    outcome.answer = {201, 0, id_, body_members()};
    outcome.position = registered_position;
    answer(std::move(outcome), member("api_key", key.body.substr(begin, key.body.find('"', begin) - begin)));
  }

  domain::NewWorkspace new_workspace() const {
    return {command_.name(),          slug_,  command_.currency(), command_.timezone(), command_.owner().name(),
            command_.owner().email(), owner_, key_.secret_hash,    key_.prefix,         key_id_};
  }

  void answer(eventstore::Outcome outcome, std::string key_member) {
    call_.exchange().post(
        [self = shared_from_this(), outcome = std::move(outcome), key_member = std::move(key_member)] {
          using Kind = eventstore::Outcome::Kind;
          if (outcome.kind == Kind::kDryRun) return answer_dry_run(self->call_, outcome);
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

// The call, about the workspace that the path names; answers and gives nothing where there is none.
std::optional<Call> in_named_workspace(Call& call) {
  const auto id = call.id();
  const auto system = call.rows();
  if (id && domain::View(*system, call.workspace()).record(domain::kind_of<v1::Tenant>(), *id)) {
    return call.in_workspace({*id});
  }
  call.reject("not_found", "There is no such workspace.");
  return std::nullopt;
}

constexpr std::string_view kOnlyJustMade = "The workspace is only just being made.";

// Whether the workspace has its first commit, which comes a moment after its registration.
bool has_begun(const Call& inside) { return projections::read_head(*inside.rows()).last_position() > 0; }

void get_workspace(Call& call) {
  if (!call.allow_parameters({})) return;
  auto inside = in_named_workspace(call);
  if (!inside) return;
  const model::Kind& kind = domain::kind_of<v1::Workspace>();
  const auto rows = inside->rows();
  const domain::View view(*rows, inside->workspace());
  const auto record = view.record(kind, inside->workspace().value);
  if (!record) return call.reject("unavailable", kOnlyJustMade);
  const std::int64_t contacts = view.live_count(domain::kind_of<v1::Contact>());
  Response response;
  response.set_header("Content-Type", "application/json");
  response.set_header("ETag", etag_of(*record));
  response.set_header("Daybook-Position", std::to_string(projections::read_head(*rows).last_position()));
  const std::string usage = "\"usage\":{\"crm:contacts\":" + std::to_string(contacts) + "}";
  response.body = record_json(*rows, kind, inside->workspace().value, *record, {{}, false, usage});
  call.reply(std::move(response));
}

void set_plan(Call& call) {
  if (!call.allow_parameters({})) return;
  auto inside = in_named_workspace(call);
  if (!inside) return;
  const model::Kind& kind = domain::kind_of<v1::Workspace>();
  const model::Uuid id = inside->workspace().value;
  const auto existing = domain::View(*inside->rows(), inside->workspace()).record(kind, id);
  const auto input = read_body(*inside, *model::schema().message("daybook.v1.SetPlan"),
                               {ReadMode::kUpdate, existing ? *existing : std::string_view{}, {}, nullptr});
  if (!input) return;
  run_command(*inside,
              [&kind, id, patch = model::Patch{input->own, input->cleared}](
                  const domain::View& view, const domain::Context& context) -> domain::Result<Decided> {
                auto events = domain::set_plan(patch, view, context);
                if (!events) return std::unexpected(std::move(events.error()));
                return Decided{std::move(*events), 200, &kind, id, {}};
              },
              {&kind, id, {}, {}});
}

// A key of an owner, for a workspace whose keys are lost.
void issue_owner_key(Call& call) {
  if (!call.allow_parameters({})) return;
  auto inside = in_named_workspace(call);
  if (!inside) return;
  v1::IssueOwnerKey wish;
  if (!call.request().body.empty()) {
    const auto input =
        read_body(*inside, *model::schema().message("daybook.v1.IssueOwnerKey"), {ReadMode::kCommand, {}, {}, nullptr});
    if (!input) return;
    wish = domain::parse<v1::IssueOwnerKey>(input->own);
  }
  const model::Kind& kind = domain::kind_of<v1::ApiKey>();
  const model::Uuid id = call.service().random_id();
  const NewApiKey key = make_api_key(inside->workspace(), id);
  domain::NewKey command{id, key.secret_hash, key.prefix, wish.has_name() ? wish.name() : "Issued by the operator", {}};
  if (wish.has_expires_at()) command.expires_at = wish.expires_at();
  if (!call.flag("dry_run")) {
    begin_registered(inside->workspace(), call.service().state, call.service().writers);
  } else if (!has_begun(*inside)) {
    return call.reject("unavailable", kOnlyJustMade);
  }
  run_command(*inside,
              [&kind, command](const domain::View& view, const domain::Context& context) -> domain::Result<Decided> {
                auto events = domain::issue_owner_key(command, view, context);
                if (!events) return std::unexpected(std::move(events.error()));
                return Decided{std::move(*events), 201, &kind, command.id, {}};
              },
              {nullptr, {}, member("api_key", key.text), "\"api_key\":null"});
}

}  // namespace

std::vector<Route> operator_routes() {
  return {
      {"POST", "/v1/workspaces", "operator", create_workspace},
      {"GET", "/v1/workspaces", "operator", list_workspaces},
      {"GET", "/v1/workspaces/{id}", "operator", get_workspace},
      {"PATCH", "/v1/workspaces/{id}", "operator", set_plan},
      {"POST", "/v1/workspaces/{id}/keys", "operator", issue_owner_key},
  };
}

}  // namespace daybook::api
