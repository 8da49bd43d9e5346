#pragma once

#include <string>

#include "daybook/v1/workspace.pb.h"
#include "domain/context.h"
#include "domain/facts.h"
#include "domain/kind_rules.h"
#include "domain/result.h"

namespace daybook::domain {

/// The workspace itself, its members and its API keys.

/// The workspace's own record; its id is the workspace's id.
v1::Workspace workspace_of(const View& view);
v1::Settings settings_of(const View& view);
v1::Limits limits_of(const View& view);

/// What a new workspace's first commit holds.
struct NewWorkspace {
  std::string name;
  std::string slug;
  std::string currency;  // empty: EUR
  std::string timezone;  // empty: UTC
  std::string owner_name;
  std::string owner_email;  // may be empty
  model::Uuid owner_id;
  std::string api_key_hash;  // SHA-256 of the owner's first key; empty: no key
  std::string api_key_prefix;
  model::Uuid api_key_id;
};
/// workspace.created, member.created, api_key.created and pipeline.created; nothing if the workspace has begun already.
Result<Events> begin_workspace(const NewWorkspace& command, const View& view, const Context& context);

/// The workspace's registration in the system workspace; its id becomes the workspace's id. Rejects a taken slug.
Result<Events> register_tenant(const model::Uuid& id, std::string_view record, const View& view,
                               const Context& context);

/// member.created. Rejects a role that has what the actor does not hold, as update_member does (domain/access.h).
Result<Events> add_member(std::string_view record, const View& view, const Context& context);
/// Rejects last_owner when no other active owner would be left.
Result<Events> remove_member(const model::Uuid& id, const View& view, const Context& context);
/// A merge patch; rejects last_owner as remove_member does.
Result<Events> update_member(const model::Uuid& id, const model::Patch& patch, const View& view,
                             const Context& context);

/// A key that stands outside already: its text holds its id.
struct NewKey {
  model::Uuid id;
  std::string secret_hash;
  std::string prefix;
  std::string name;
  std::optional<std::int64_t> expires_at{};  // microseconds since 1970
};
/// api_key.created: a key of the workspace's first active owner.
Result<Events> issue_owner_key(const NewKey& command, const View& view, const Context& context);
/// api_key.created. Rejects scopes that the key's role lacks, and what the actor does not hold itself.
Result<Events> create_key(const model::Uuid& id, const v1::ApiKey& key, const View& view, const Context& context);
/// api_key.rotated: another secret under the same id; the old one stops. Who rotates a key gets to know its secret, so
/// they must hold all that it opens.
Result<Events> rotate_key(const model::Uuid& id, const std::string& secret_hash, const std::string& prefix,
                          const View& view, const Context& context);
Result<Events> revoke_key(const model::Uuid& id, const View& view, const Context& context);

KindRules workspace_rules();
KindRules tenant_rules();
KindRules member_rules();
KindRules api_key_rules();

}  // namespace daybook::domain
