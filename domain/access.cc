#include "domain/access.h"

#include <algorithm>
#include <array>

namespace daybook::domain {
namespace {

// What each role may do: everything its predecessor may, and more. The first part of a scope is the resource.
struct Grant {
  std::string_view resource;
  v1::Member::Role read;
  v1::Member::Role write;
  bool is_crm = false;
};
constexpr std::array kGrants{
    Grant{"contacts", v1::Member::ROLE_VIEWER, v1::Member::ROLE_MEMBER, true},
    Grant{"companies", v1::Member::ROLE_VIEWER, v1::Member::ROLE_MEMBER, true},
    Grant{"deals", v1::Member::ROLE_VIEWER, v1::Member::ROLE_MEMBER, true},
    Grant{"activities", v1::Member::ROLE_VIEWER, v1::Member::ROLE_MEMBER, true},
    Grant{"records", v1::Member::ROLE_VIEWER, v1::Member::ROLE_MEMBER, true},
    Grant{"imports", v1::Member::ROLE_MEMBER, v1::Member::ROLE_MEMBER, true},
    Grant{"events", v1::Member::ROLE_ADMIN, v1::Member::ROLE_OWNER},
    Grant{"audit", v1::Member::ROLE_ADMIN, v1::Member::ROLE_OWNER},
    Grant{"workspace", v1::Member::ROLE_VIEWER, v1::Member::ROLE_ADMIN},
    Grant{"members", v1::Member::ROLE_VIEWER, v1::Member::ROLE_OWNER},
    Grant{"keys", v1::Member::ROLE_OWNER, v1::Member::ROLE_OWNER},
};

// The role that a scope needs; nothing where there is no such scope.
std::optional<v1::Member::Role> needed_role(std::string_view scope, const v1::Settings& settings) {
  const auto colon = std::min(scope.find(':'), scope.size());
  const auto grant = std::find_if(kGrants.begin(), kGrants.end(),
                                  [&](const Grant& g) { return g.resource == scope.substr(0, colon); });
  const bool reads = scope.substr(colon) == ":read";
  if (grant == kGrants.end() || (!reads && scope.substr(colon) != ":write")) return std::nullopt;
  const auto needed = reads ? grant->read : grant->write;
  const bool admins_only = grant->is_crm && settings.crm_access() == v1::Settings::CRM_ACCESS_ADMINS;
  return admins_only ? std::max(needed, v1::Member::ROLE_ADMIN) : needed;
}

// Settings may change later, so what somebody is given counts as if they allowed the most.
const v1::Settings& most_open() { return v1::Settings::default_instance(); }

}  // namespace

Access access_of(const v1::ApiKey& key, const View& view) {
  Access access{key.role(), {key.scopes().begin(), key.scopes().end()}};
  const auto member_id = model::Uuid::from_bytes(key.member_id());
  if (const auto member = member_id ? view.find<v1::Member>(*member_id) : std::nullopt) {
    access.role = std::min(access.role, member->role());
  }
  return access;
}

bool allows(const Access& access, std::string_view scope, const v1::Settings& settings) {
  const auto needed = needed_role(scope, settings);
  if (!needed || access.role < *needed) return false;
  return access.scopes.empty() || std::ranges::find(access.scopes, scope) != access.scopes.end();
}

std::vector<std::string> scopes_of(const Access& access, const v1::Settings& settings) {
  std::vector<std::string> scopes;
  for (const Grant& grant : kGrants) {
    for (const char* verb : {":read", ":write"}) {
      std::string scope = std::string(grant.resource) + verb;
      if (allows(access, scope, settings)) scopes.push_back(std::move(scope));
    }
  }
  return scopes;
}

std::vector<FieldError> check_scopes(const v1::ApiKey& key, const View& view) {
  const v1::Member::Role role = access_of(key, view).role;
  std::vector<FieldError> errors;
  for (int i = 0; i < key.scopes_size() && errors.size() < kErrorLimit; ++i) {
    const std::string& scope = key.scopes(i);
    const auto needed = needed_role(scope, most_open());
    const std::string pointer = "/scopes/" + std::to_string(i);
    if (!needed) {
      errors.push_back(
          {pointer, "invalid_value", "There is no such scope; GET /v1/me of an owner's key lists them all."});
    } else if (role < *needed) {
      errors.push_back(
          {pointer, "invalid_value",
           "The role of the key, or of its member, lacks " + scope + "; leave it out, or give a higher role."});
    }
  }
  return errors;
}

std::optional<Rejection> check_grant(const Access& granted, const View& view, const Context& context) {
  if (context.actor.kind != Actor::Kind::kApiKey) return std::nullopt;
  const auto key = view.find<v1::ApiKey>(context.actor.id);
  const Access own = key ? access_of(*key, view) : Access{};
  for (const std::string& scope : scopes_of(granted, most_open())) {
    if (allows(own, scope, most_open())) continue;
    return Rejection{"forbidden", "The key lacks the scope " + scope +
                                      ", and nobody grants what they do not hold: give fewer scopes or a lower role, "
                                      "or use a key that has it."};
  }
  return std::nullopt;
}

}  // namespace daybook::domain
