// Members and keys: who may manage the workspace, and with which secret.
#include "daybook/v1/workspace.pb.h"
#include "domain/workspace.h"
#include "tests/domain/given.h"

namespace daybook::domain {
namespace {

Command update_member(std::string_view set) {
  return [patch = model::Patch{message<v1::Member>(set).SerializeAsString(), {}}](
             const View& view, const Context& context) { return update_member(id("boss"), patch, view, context); };
}
Command rotate(std::string_view name) {
  return [name = id(name)](const View& view, const Context& context) {
    return rotate_key(name, "hash2", "dbk_…2222", view, context);
  };
}
Command issue() {
  return [](const View& view, const Context& context) {
    return issue_owner_key({id("key"), "hash1", "dbk_…1111", "Recovery", {}}, view, context);
  };
}
Event key() {
  return created<v1::ApiKey>("key", R"(name: "ci" prefix: "dbk_…1111" secret_hash: "hash1" role: ROLE_MEMBER)");
}
Command create(std::string_view key) {
  return [key = message<v1::ApiKey>(key)](const View& view, const Context& context) {
    return create_key(id("key"), key, view, context);
  };
}
Command add(std::string_view member) {
  return [record = message<v1::Member>(member).SerializeAsString()](const View& view, const Context& context) {
    return add_member(record, view, context);
  };
}
// The same, done with the key of that name.
Command by(std::string_view key, const Command& command) {
  return [key = id(key), command](const View& view, const Context& context) {
    Context by_key = context;
    by_key.actor = {Actor::Kind::kApiKey, key};
    return command(view, by_key);
  };
}
// A key of the owner that may do no more than manage keys and members.
Event narrow_key() {
  return created<v1::ApiKey>("narrow", R"(name: "narrow" role: ROLE_OWNER member_id: @boss
                                          scopes: ["keys:write", "members:write", "contacts:read"])");
}
Event full_key() { return created<v1::ApiKey>("full", R"(name: "full" role: ROLE_OWNER member_id: @boss)"); }
Event other_owner() { return created<v1::Member>("bo", R"(name: "Bo" role: ROLE_OWNER state: STATE_ACTIVE)"); }

TEST(UpdateMember, KeepsTheLastOwnerOwner) {
  Scene scene;
  scene.when(update_member("role: ROLE_VIEWER")).then_rejected("last_owner");
}

TEST(UpdateMember, LetsOneOfTwoOwnersStepDown) {
  Scene scene;
  scene.given({other_owner()}).done(update_member("role: ROLE_VIEWER"));
  EXPECT_EQ(scene.get<v1::Member>("boss").role(), v1::Member::ROLE_VIEWER);
}

TEST(UpdateMember, RenamesTheLastOwner) {
  Scene scene;
  scene.done(update_member(R"(name: "Anna")"));
  EXPECT_EQ(scene.get<v1::Member>("boss").name(), "Anna");
}

TEST(RotateKey, ReplacesTheSecretUnderTheSameId) {
  Scene scene;
  scene.given({key()}).done(rotate("key"));
  EXPECT_EQ(scene.get<v1::ApiKey>("key").secret_hash(), "hash2");
  EXPECT_EQ(scene.get<v1::ApiKey>("key").prefix(), "dbk_…2222");
}

TEST(RotateKey, RejectsARevokedKey) {
  Scene scene;
  scene.given({key(), fact<v1::ApiKeyRevoked>("key")}).when(rotate("key")).then_rejected("deleted");
}

TEST(RotateKey, RejectsAnUnknownKey) {
  Scene scene;
  scene.when(rotate("key")).then_rejected("not_found");
}

TEST(IssueOwnerKey, BelongsToTheFirstActiveOwner) {
  Scene scene;
  scene.when(issue()).then({created<v1::ApiKey>("key", R"(name: "Recovery" prefix: "dbk_…1111" secret_hash: "hash1"
                                                          role: ROLE_OWNER member_id: @boss)")});
}

TEST(IssueOwnerKey, NeedsAnActiveOwner) {
  Scene scene;
  scene.given({fact<v1::MemberRemoved>("boss")}).when(issue()).then_rejected("not_found");
}

TEST(CreateKey, GivesWhatTheActingKeyHolds) {
  Scene scene;
  scene.given({narrow_key(), full_key()});
  scene.done(by("narrow", create(R"(name: "ci" role: ROLE_VIEWER scopes: "contacts:read")")));
  scene.done(by("full", create(R"(name: "ci" role: ROLE_OWNER)")));
}

TEST(CreateKey, GivesNothingThatTheActingKeyLacks) {
  Scene scene;
  scene.given({narrow_key()});
  for (const char* wish : {R"(name: "ci" role: ROLE_OWNER)", R"(name: "ci" role: ROLE_VIEWER)",
                           R"(name: "ci" role: ROLE_MEMBER scopes: ["contacts:read", "deals:write"])"}) {
    scene.when(by("narrow", create(wish))).then_rejected("forbidden");
  }
}

TEST(CreateKey, NamesTheScopeThatIsMissing) {
  Scene scene;
  const auto refused =
      scene.given({narrow_key()}).when(by("narrow", create(R"(name: "ci" role: ROLE_MEMBER scopes: "deals:write")")));
  EXPECT_NE(refused.result().error().detail.find("deals:write"), std::string::npos);
}

TEST(CreateKey, GivesNothingToAKeyThatIsNotThere) {
  Scene scene;
  scene.when(by("gone", create(R"(name: "ci" role: ROLE_VIEWER)"))).then_rejected("forbidden");
}

TEST(CreateKey, CountsTheRoleThatItsMemberMayStillGet) {
  Scene scene;
  scene.given({narrow_key(), created<v1::Member>("al", R"(name: "Al" role: ROLE_VIEWER state: STATE_ACTIVE)")});
  scene.when(by("narrow", create(R"(name: "ci" role: ROLE_OWNER member_id: @al)"))).then_rejected("forbidden");
}

TEST(CreateKey, RejectsScopesThatItsRoleLacks) {
  Scene scene;
  scene.given({created<v1::Member>("al", R"(name: "Al" role: ROLE_VIEWER state: STATE_ACTIVE)")});
  scene.when(create(R"(name: "ci" role: ROLE_VIEWER scopes: ["contacts:read", "contacts:write"])"))
      .then_rejected("validation_failed", "/scopes/1 invalid_value");
  scene.when(create(R"(name: "ci" role: ROLE_OWNER member_id: @al scopes: "keys:read")"))
      .then_rejected("validation_failed", "/scopes/0 invalid_value");
}

TEST(CreateKey, RejectsScopesThatThereAreNot) {
  Scene scene;
  for (const char* scope : {"contact:read", "contacts", "contacts:delete", ":read", ""}) {
    v1::ApiKey key = message<v1::ApiKey>(R"(name: "ci" role: ROLE_OWNER)");
    key.add_scopes(scope);
    scene.when(create(key.ShortDebugString())).then_rejected("validation_failed", "/scopes/0 invalid_value");
  }
}

TEST(AddMember, GivesNoRoleThatTheActingKeyLacks) {
  Scene scene;
  scene.given({narrow_key(), full_key()});
  scene.when(by("narrow", add(R"(name: "Bo" role: ROLE_OWNER)"))).then_rejected("forbidden");
  scene.when(by("narrow", add(R"(name: "Bo")"))).then_rejected("forbidden");
  scene.done(by("full", add(R"(name: "Bo" role: ROLE_OWNER)")));
}

TEST(UpdateMember, RaisesNobodyAboveTheActingKey) {
  Scene scene;
  scene.given({narrow_key(), other_owner(), created<v1::Member>("al", R"(name: "Al" role: ROLE_VIEWER)")});
  const auto set_role = [](std::string_view name, std::string_view set) -> Command {
    return [name = id(name), patch = model::Patch{message<v1::Member>(set).SerializeAsString(), {}}](
               const View& view, const Context& context) { return update_member(name, patch, view, context); };
  };
  scene.when(by("narrow", set_role("al", "role: ROLE_ADMIN"))).then_rejected("forbidden");
  scene.done(by("narrow", set_role("bo", "role: ROLE_VIEWER")));
}

TEST(RotateKey, ShowsNoSecretThatOpensMoreThanTheActingKey) {
  Scene scene;
  scene.given({narrow_key(), full_key()});
  scene.when(by("narrow", rotate("full"))).then_rejected("forbidden");
  scene.done(by("narrow", rotate("narrow")));
  scene.done(by("full", rotate("narrow")));
}

}  // namespace
}  // namespace daybook::domain
