#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/access.h"
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
  domain::Access access;
  bool is_operator = false;
};

/// The principal of a key as the workspace stands: nothing if the secret is wrong, the key revoked, expired or its
/// member gone.
std::optional<Principal> authenticate(const ApiKeyText& key, const domain::RowReader& rows, std::int64_t now_us);

}  // namespace daybook::api
