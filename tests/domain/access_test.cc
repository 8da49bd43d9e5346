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

}  // namespace
}  // namespace daybook::domain
