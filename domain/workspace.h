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

/// Rejects last_owner when no other active owner would be left.
Result<Events> remove_member(const model::Uuid& id, const View& view, const Context& context);
Result<Events> revoke_key(const model::Uuid& id, const View& view, const Context& context);

KindRules workspace_rules();
KindRules tenant_rules();
KindRules member_rules();
KindRules api_key_rules();

}  // namespace daybook::domain
