#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daybook/v1/workspace.pb.h"
#include "domain/context.h"
#include "domain/result.h"
#include "domain/store.h"

namespace daybook::domain {

/// What a credential may do (rule 13): scopes such as `contacts:read`, each of them reading or writing one resource.
struct Access {
  v1::Member::Role role = v1::Member::ROLE_UNSPECIFIED;
  std::vector<std::string> scopes;  // empty: all that the role has
};

/// Of a key as the workspace stands: a key of a member has the lesser of both roles.
Access access_of(const v1::ApiKey& key, const View& view);

/// Whether it may use a route of this scope, in a workspace of these settings.
bool allows(const Access& access, std::string_view scope, const v1::Settings& settings);
/// All scopes that it has there.
std::vector<std::string> scopes_of(const Access& access, const v1::Settings& settings);

/// Errors at /scopes/N: scopes that there are not, and those that the key's role lacks whatever the settings.
std::vector<FieldError> check_scopes(const v1::ApiKey& key, const View& view);

/// Nobody grants what they do not hold: `forbidden`, naming the first scope that `granted` has and the key which acts
/// lacks. Other actors than keys hold everything.
std::optional<Rejection> check_grant(const Access& granted, const View& view, const Context& context);

}  // namespace daybook::domain
