// Rules 4, 17 and 18 on contacts, and what has an event of its own.
#include "daybook/v1/contact.pb.h"
#include "daybook/v1/work.pb.h"
#include "domain/contact.h"
#include "tests/domain/given.h"

namespace daybook::domain {
namespace {

using v1::Contact;

Event ada(const std::string& more = {}) {
  return created<Contact>(
      "ada", R"(first_name: "Ada" last_name: "Lovelace" status: "LEAD" sort_name: "ada lovelace" )" + more);
}

TEST(Birthday, NeedsADayBesideTheMonth) {
  Scene scene;
  scene.when(create_contact(R"(record { email: "a@example.com" birth_month: 2 })"))
      .then_rejected("validation_failed", "/birth_day required");
}

TEST(Birthday, IsADayThatItsMonthHas) {
  Scene scene;
  scene.when(create_contact(R"(record { email: "a@example.com" birth_month: 2 birth_day: 30 })"))
      .then_rejected("validation_failed", "/birth_day invalid_value");
  scene.done(create_contact(R"(record { email: "a@example.com" birth_month: 2 birth_day: 29 })"));
}

TEST(Birthday, IsCheckedOnTheRecordThatResults) {
  Scene scene;
  scene.given({ada("birth_month: 2 birth_day: 29")});
  scene.when(update_contact("ada", "", {Contact::kBirthMonthFieldNumber}))
      .then_rejected("validation_failed", "/birth_month required");
  scene.when(update_contact("ada", "birth_month: 3"))
      .then({updated<Contact>("ada", "birth_month: 3")})
      .and_again_nothing();
}

TEST(Birthday, GoesAsAPair) {
  Scene scene;
  scene.given({ada("birth_month: 2 birth_day: 29")})
      .when(update_contact("ada", "", {Contact::kBirthMonthFieldNumber, Contact::kBirthDayFieldNumber}))
      .then({updated<Contact>("ada", "", {Contact::kBirthMonthFieldNumber, Contact::kBirthDayFieldNumber})})
      .and_again_nothing();
}

TEST(ContactStatus, TakesTheWorkspacesSpelling) {
  Scene scene;
  scene.given({ada()})
      .when(update_contact("ada", R"(status: "active")"))
      .then({updated<Contact>("ada", R"(status: "ACTIVE")")})
      .and_again_nothing();
}

TEST(ContactStatus, RejectsOneThatTheWorkspaceLacks) {
  Scene scene;
  scene.given({ada()})
      .when(update_contact("ada", R"(status: "VIP")"))
      .then_rejected("validation_failed", "/status invalid_value");
}

TEST(UpdateContact, SaysExactlyWhatChanged) {
  Scene scene;
  scene.given({ada(R"(phone: "1")")})
      .when(update_contact("ada", R"(first_name: "Ada" phone: "2" city: "London")", {Contact::kNotesFieldNumber}))
      .then({updated<Contact>("ada", R"(phone: "2" city: "London")")})
      .and_again_nothing();
}

TEST(UpdateContact, ClearsWithNull) {
  Scene scene;
  scene.given({ada(R"(phone: "1")")})
      .when(update_contact("ada", "", {Contact::kPhoneFieldNumber}))
      .then({updated<Contact>("ada", "", {Contact::kPhoneFieldNumber})})
      .and_again_nothing();
}

TEST(UpdateContact, AssignsWithAnEventOfItsOwn) {
  Scene scene;
  scene.given({ada()})
      .when(update_contact("ada", R"(owner_id: @boss phone: "2")"))
      .then({fact<v1::ContactAssigned>("ada", "owner_id: @boss"), updated<Contact>("ada", R"(phone: "2")")})
      .and_again_nothing();
  scene.when(update_contact("ada", "", {Contact::kOwnerIdFieldNumber}))
      .then({fact<v1::ContactAssigned>("ada", "previous_owner_id: @boss")})
      .and_again_nothing();
}

TEST(UpdateContact, RejectsAnUnknownOwner) {
  Scene scene;
  scene.given({ada()})
      .when(update_contact("ada", "owner_id: @nobody"))
      .then_rejected("validation_failed", "/owner_id not_found");
}

TEST(UpdateContact, RejectsUnknownAndDeletedOnes) {
  Scene scene;
  scene.when(update_contact("ada", R"(phone: "1")")).then_rejected("not_found");
  scene.given({ada(), deleted<Contact>("ada")}).when(update_contact("ada", R"(phone: "1")")).then_rejected("deleted");
}

TEST(UpdateContact, CountsOneVersionForACommandOfManyEvents) {
  Scene scene;
  scene.given({ada()}).done(update_contact("ada", R"(owner_id: @boss phone: "2" email: "ada@example.com")"));
  EXPECT_EQ(scene.version<Contact>("ada"), 2);
}

TEST(TagContact, CreatesMissingTagsAndTakesEachOnce) {
  Scene scene;
  scene.given({ada(), created<v1::Tag>("vip", R"(name: "VIP" name_key: "vip")")});
  scene
      .when([](const View& view, const Context& context) {
        return tag_contact(id("ada"), {"vip", "New", "NEW"}, view, context);
      })
      .then({created<v1::Tag>("new1", R"(name: "New" name_key: "new")"),
             fact<v1::ContactTagged>("ada", "tag_ids: @vip tag_ids: @new1")})
      .and_again_nothing();
}

TEST(TagContact, RejectsATagWithoutAName) {
  Scene scene;
  scene.given({ada()})
      .when(
          [](const View& view, const Context& context) { return tag_contact(id("ada"), {"ok", "  "}, view, context); })
      .then_rejected("validation_failed", "/tags/1 invalid_value");
}

TEST(UntagContact, TakesTheLinkAndLeavesTheTag) {
  Scene scene;
  scene.given({ada(), created<v1::Tag>("vip", R"(name: "VIP" name_key: "vip")"),
               fact<v1::ContactTagged>("ada", "tag_ids: @vip")});
  scene.when([](const View& view, const Context& context) { return untag_contact(id("ada"), "Vip", view, context); })
      .then({fact<v1::ContactUntagged>("ada", "tag_ids: @vip")})
      .and_again_nothing();
  EXPECT_EQ(scene.shown<v1::Tag>("vip"), R"(name: "VIP" name_key: "vip")");
}

TEST(StoredResults, FoldKeepsTheKeysOfTheEventAndDecidesNothing) {
  Scene scene;
  scene.given(
      {created<Contact>("ada", R"(email: "ada@example.com" email_key: "a key of other rules" sort_name: "x")")});
  EXPECT_EQ(scene.shown<Contact>("ada"),
            R"(email: "ada@example.com" email_key: "a key of other rules" sort_name: "x")");
  EXPECT_EQ(scene.view().find_unique(kind_of<Contact>(), "email", "a key of other rules"), id("ada"));
  EXPECT_EQ(scene.view().find_unique(kind_of<Contact>(), "email", "ada@example.com"), std::nullopt);
}

TEST(StoredResults, FieldsOfALaterVersionSurviveAnUpdate) {
  Scene scene;
  Event event = ada();
  event.data += "\xfa\x03\x05later";  // field 63
  scene.given({event});
  scene.done(update_contact("ada", R"(phone: "1" email: "ada@example.com" owner_id: @boss)"));
  scene.done([](const View& view, const Context& context) { return tag_contact(id("ada"), {"t"}, view, context); });
  const std::string record = *scene.view().record(kind_of<Contact>(), id("ada"));
  EXPECT_EQ(model::get_bytes(record, 63), "later");
  EXPECT_EQ(record, model::overlay({}, record, {})) << "fields stand in ascending order";
}

TEST(Isolation, WorkspacesKnowNothingOfEachOther) {
  Scene here;
  Scene there;
  here.given({ada(R"(email: "ada@example.com" email_key: "ada@example.com")")});
  there.done(create_contact(R"(record { email: "ada@example.com" })"));
  EXPECT_EQ(find_contact("ada@example.com", here.view()), id("ada"));
  EXPECT_EQ(find_contact("ada@example.com", there.view()), id("new1"));
  there.when(update_contact("ada", R"(phone: "1")")).then_rejected("not_found");
  there.when(remove<Contact>("ada")).then_rejected("not_found");
  there.when(create_record<v1::Note>(R"(body: "x" contact_id: @ada)"))
      .then_rejected("validation_failed", "/contact_id not_found");
}

}  // namespace
}  // namespace daybook::domain
