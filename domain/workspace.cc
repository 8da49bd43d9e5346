#include "domain/workspace.h"

#include "domain/access.h"
#include "domain/draft.h"
#include "domain/pipeline.h"
#include "domain/plan.h"
#include "model/text.h"

namespace daybook::domain {
namespace {

std::string bytes(const model::Uuid& id) { return std::string(id.view()); }

Event created(const model::Uuid& id, const google::protobuf::Message& record) {
  const model::Kind& kind = *model::schema().kind_of_message(record.GetDescriptor()->full_name());
  return {kind.created_event, kind.number, id, record.SerializeAsString(), {}, id};
}

// One message of the workspace's record, without a copy of the others.
template <typename T>
T part_of(const View& view, std::uint32_t field) {
  const auto record = view.record(kind_of<v1::Workspace>(), view.workspace().value);
  const auto bytes = record ? model::get_bytes(*record, field) : std::nullopt;
  return bytes ? parse<T>(*bytes) : T{};
}

void fill_workspace(v1::Workspace& workspace) {
  if (!workspace.has_plan()) workspace.set_plan(v1::Workspace::PLAN_PRO);
  if (!workspace.has_currency()) workspace.set_currency("EUR");
  if (!workspace.has_timezone()) workspace.set_timezone("UTC");
  v1::Settings& settings = *workspace.mutable_settings();
  if (!settings.has_contact_identity()) settings.set_contact_identity(v1::Settings::CONTACT_IDENTITY_ANY);
  if (!settings.has_crm_access()) settings.set_crm_access(v1::Settings::CRM_ACCESS_MEMBERS);
  if (!settings.has_company_autocreate()) settings.set_company_autocreate(true);
  if (settings.contact_statuses().empty()) {
    for (const char* status : {"LEAD", "ACTIVE", "INACTIVE"}) settings.add_contact_statuses(status);
  }
  if (workspace.entitlements().empty()) {
    for (const std::string& entitlement : entitlements_of(workspace.plan())) workspace.add_entitlements(entitlement);
  }
}

void fill_member(v1::Member& member, const View&, const Context&) {
  if (!member.has_state()) member.set_state(v1::Member::STATE_ACTIVE);
  if (!member.has_role()) member.set_role(v1::Member::ROLE_MEMBER);
}

void normalise_member(v1::Member& member, const View&) {
  const auto key = model::email_key(member.email());
  if (member.has_email() && key) {
    member.set_email_key(*key);
  } else {
    member.clear_email_key();
  }
}

void check_workspace(const v1::Workspace& workspace, const View&, std::vector<FieldError>& errors) {
  if (!workspace.settings().contact_statuses().empty()) return;
  errors.push_back({"/settings/contact_statuses", "required", "A workspace has at least one status for its contacts."});
}

void check_key(const v1::ApiKey& key, const View& view, std::vector<FieldError>& errors) {
  for (FieldError& error : check_scopes(key, view)) errors.push_back(std::move(error));
}

// What the key opens once its member has a role as high as its own.
Access most_of(const v1::ApiKey& key) { return {key.role(), {key.scopes().begin(), key.scopes().end()}}; }

bool is_other_active_owner(const View& view, const model::Uuid& id) {
  bool found = false;
  view.for_each(kind_of<v1::Member>(), [&](const model::Uuid& other, std::string_view record) {
    const auto member = parse<v1::Member>(record);
    found = other != id && member.role() == v1::Member::ROLE_OWNER && member.state() == v1::Member::STATE_ACTIVE &&
            !is_deleted(record);
    return !found;
  });
  return found;
}

std::optional<model::Uuid> first_active_owner(const View& view) {
  std::optional<model::Uuid> found;
  view.for_each(kind_of<v1::Member>(), [&](const model::Uuid& id, std::string_view record) {
    const auto member = parse<v1::Member>(record);
    const bool manages = member.role() == v1::Member::ROLE_OWNER && member.state() == v1::Member::STATE_ACTIVE;
    if (manages && !is_deleted(record)) found = id;
    return !found;
  });
  return found;
}

}  // namespace

// Found by event_types through their arguments, hence not in the unnamed namespace.
static void apply(const v1::MemberRemoved&, const Event& event, Store& store) {
  v1::Member change;
  change.set_state(v1::Member::STATE_REMOVED);
  store.patch(kind_of<v1::Member>(), event.id, change.SerializeAsString(), {v1::Member::kEmailKeyFieldNumber});
}

static void apply(const v1::ApiKeyRevoked&, const Event& event, Store& store) {
  v1::ApiKey change;
  change.set_revoked_at(store.stamp().time_us);
  store.patch(kind_of<v1::ApiKey>(), event.id, change.SerializeAsString(), {});
}

static void apply(const v1::ApiKeyRotated& rotated, const Event& event, Store& store) {
  v1::ApiKey change;
  change.set_secret_hash(rotated.secret_hash());
  if (rotated.has_prefix()) change.set_prefix(rotated.prefix());
  store.patch(kind_of<v1::ApiKey>(), event.id, change.SerializeAsString(), {});
}

v1::Workspace workspace_of(const View& view) {
  return view.find<v1::Workspace>(view.workspace().value).value_or(v1::Workspace{});
}

v1::Settings settings_of(const View& view) { return part_of<v1::Settings>(view, v1::Workspace::kSettingsFieldNumber); }

v1::Limits limits_of(const View& view) { return part_of<v1::Limits>(view, v1::Workspace::kLimitsFieldNumber); }

Result<Events> begin_workspace(const NewWorkspace& command, const View& view, const Context& context) {
  const model::Uuid id = view.workspace().value;
  if (view.record(kind_of<v1::Workspace>(), id)) return Events{};
  v1::Workspace workspace;
  workspace.set_name(command.name);
  workspace.set_slug(command.slug);
  if (!command.currency.empty()) workspace.set_currency(command.currency);
  if (!command.timezone.empty()) workspace.set_timezone(command.timezone);
  fill_workspace(workspace);

  v1::Member owner;
  owner.set_name(command.owner_name);
  if (!command.owner_email.empty()) owner.set_email(command.owner_email);
  owner.set_role(v1::Member::ROLE_OWNER);
  owner.set_state(v1::Member::STATE_ACTIVE);
  normalise_member(owner, view);

  Events events{created(id, workspace), created(command.owner_id, owner)};
  if (!command.api_key_hash.empty()) {
    v1::ApiKey key;
    key.set_name(command.owner_name);
    key.set_prefix(command.api_key_prefix);
    key.set_secret_hash(command.api_key_hash);
    key.set_role(v1::Member::ROLE_OWNER);
    key.set_member_id(bytes(command.owner_id));
    events.push_back(created(command.api_key_id, key));
  }
  events.push_back(created(context.ids.next(), default_pipeline()));
  return events;
}

Result<Events> register_tenant(const model::Uuid& id, std::string_view record, const View& view, const Context&) {
  const model::Kind& kind = kind_of<v1::Tenant>();
  if (view.record(kind, id)) return Events{};
  auto errors = check_record(kind, record, model::changed_fields({}, record), view);
  if (!errors.empty()) return invalid(std::move(errors));
  if (auto taken = check_unique(kind, id, record, view)) return std::unexpected(std::move(*taken));
  return Events{{kind.created_event, kind.number, id, std::string(record), {}, id}};
}

Result<Events> add_member(std::string_view record, const View& view, const Context& context) {
  auto event = create(kind_of<v1::Member>(), record, view, context);
  if (!event) return std::unexpected(std::move(event.error()));
  const Access granted{parse<v1::Member>(event->data).role(), {}};
  if (auto refused = check_grant(granted, view, context)) return std::unexpected(std::move(*refused));
  return Events{std::move(*event)};
}

Result<Events> remove_member(const model::Uuid& id, const View& view, const Context&) {
  const auto record = find_live(kind_of<v1::Member>(), id, view);
  if (!record) return std::unexpected(record.error());
  const auto member = parse<v1::Member>(*record);
  if (member.state() == v1::Member::STATE_REMOVED) return Events{};
  if (member.role() == v1::Member::ROLE_OWNER && !is_other_active_owner(view, id)) {
    return reject("last_owner", "The last owner cannot be removed; make another member owner first.");
  }
  return Events{business_event(v1::MemberRemoved{}, id, id)};
}

// A change of role must leave somebody who can manage the workspace.
Result<Events> update_member(const model::Uuid& id, const model::Patch& patch, const View& view,
                             const Context& context) {
  auto events = update(kind_of<v1::Member>(), id, patch, view);
  if (!events || events->empty()) return events;
  const auto before = *view.find<v1::Member>(id);
  const auto after =
      parse<v1::Member>(model::overlay(*view.record(kind_of<v1::Member>(), id), patch.set, patch.cleared));
  const bool steps_down = before.role() == v1::Member::ROLE_OWNER && after.role() != v1::Member::ROLE_OWNER;
  if (steps_down && before.state() == v1::Member::STATE_ACTIVE && !is_other_active_owner(view, id)) {
    return reject("last_owner", "The last owner stays owner; make another member owner first.");
  }
  if (after.role() > before.role()) {
    if (auto refused = check_grant({after.role(), {}}, view, context)) return std::unexpected(std::move(*refused));
  }
  return events;
}

Result<Events> issue_owner_key(const NewKey& command, const View& view, const Context& context) {
  const auto owner = first_active_owner(view);
  if (!owner) return reject("not_found", "The workspace has no active owner whose key this could be.");
  v1::ApiKey key;
  key.set_name(command.name);
  key.set_secret_hash(command.secret_hash);
  key.set_prefix(command.prefix);
  key.set_role(v1::Member::ROLE_OWNER);
  key.set_member_id(bytes(*owner));
  if (command.expires_at) key.set_expires_at(*command.expires_at);
  auto event = create(kind_of<v1::ApiKey>(), key.SerializeAsString(), view, context, command.id);
  if (!event) return std::unexpected(std::move(event.error()));
  return Events{std::move(*event)};
}

Result<Events> create_key(const model::Uuid& id, const v1::ApiKey& key, const View& view, const Context& context) {
  auto event = create(kind_of<v1::ApiKey>(), key.SerializeAsString(), view, context, id);
  if (!event) return std::unexpected(std::move(event.error()));
  if (auto refused = check_grant(most_of(key), view, context)) return std::unexpected(std::move(*refused));
  return Events{std::move(*event)};
}

Result<Events> rotate_key(const model::Uuid& id, const std::string& secret_hash, const std::string& prefix,
                          const View& view, const Context& context) {
  const auto record = find_live(kind_of<v1::ApiKey>(), id, view);
  if (!record) return std::unexpected(record.error());
  const auto key = parse<v1::ApiKey>(*record);
  if (key.has_revoked_at()) return reject("deleted", "This key is revoked; make a new one.");
  if (auto refused = check_grant(most_of(key), view, context)) return std::unexpected(std::move(*refused));
  v1::ApiKeyRotated rotated;
  rotated.set_secret_hash(secret_hash);
  rotated.set_prefix(prefix);
  return Events{business_event(rotated, id, id)};
}

Result<Events> revoke_key(const model::Uuid& id, const View& view, const Context&) {
  const auto record = find_live(kind_of<v1::ApiKey>(), id, view);
  if (!record) return std::unexpected(record.error());
  if (parse<v1::ApiKey>(*record).has_revoked_at()) return Events{};
  return Events{business_event(v1::ApiKeyRevoked{}, id, id)};
}

KindRules workspace_rules() { return {.check = typed_check(check_workspace), .events = plan_events()}; }

KindRules tenant_rules() { return {}; }

KindRules member_rules() {
  return {.fill = typed(fill_member), .normalise = typed(normalise_member), .events = event_types<v1::MemberRemoved>()};
}

KindRules api_key_rules() {
  return {.check = typed_check(check_key), .events = event_types<v1::ApiKeyRevoked, v1::ApiKeyRotated>()};
}

}  // namespace daybook::domain
