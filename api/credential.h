#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daybook/v1/workspace.pb.h"
#include "domain/event.h"
#include "domain/rows.h"
#include "model/uuid.h"

namespace daybook::api {

/// API keys are `dbk_<id>_<secret>`: the id is workspace and key (RFC 4648 base32, lower case, no padding), so that no
/// look-up crosses workspaces; the secret is 256 random bits of which only the SHA-256 is stored.
struct ApiKeyText {
  model::WorkspaceId workspace;
  model::Uuid key;
  std::string secret;  // as written
};
std::optional<ApiKeyText> parse_api_key(std::string_view text);

/// A new key: its text is shown once.
struct NewApiKey {
  std::string text;
  std::string secret_hash;  // SHA-256 of the secret as written
  std::string prefix;       // what people may see of it
};
NewApiKey make_api_key(model::WorkspaceId workspace, const model::Uuid& key);

/// 256 random bits as base32, for operator keys: `dbo_…`.
std::string random_secret();

/// Who calls, and what they may do.
struct Principal {
  model::WorkspaceId workspace;
  domain::Actor actor;
  model::Uuid member;  // nil: the key belongs to nobody
  v1::Member::Role role = v1::Member::ROLE_UNSPECIFIED;
  std::vector<std::string> scopes;  // empty: all that the role has
  bool is_operator = false;
};

/// The principal of a key as the workspace stands: nothing if the secret is wrong, the key revoked, expired or its
/// member gone. A key of a member has the lesser of both roles.
std::optional<Principal> authenticate(const ApiKeyText& key, const domain::RowReader& rows, std::int64_t now_us);

/// Whether there is such a scope.
bool is_scope(std::string_view scope);

/// Whether the principal may use a route of this scope (`contacts:read`, `members:write`).
bool allows(const Principal& principal, std::string_view scope, const v1::Workspace& workspace);
/// All scopes of a principal, for `GET /v1/me`.
std::vector<std::string> scopes_of(const Principal& principal, const v1::Workspace& workspace);

}  // namespace daybook::api
