// Rule 1: who counts as a contact.
#include "daybook/v1/contact.pb.h"
#include "domain/contact.h"
#include "tests/domain/given.h"

namespace daybook::domain {
namespace {

using v1::Contact;

Scene identified_by(const char* setting) {
  Scene scene;
  scene.given({updated<v1::Workspace>("shop", std::string("settings { contact_identity: ") + setting +
                                                  R"( contact_statuses: "LEAD" company_autocreate: true })")});
  return scene;
}

TEST(ContactIdentity, AnyTakesAnEMailAlone) {
  Scene scene;
  scene.when(create_contact(R"(record { email: "Ada@Example.com" })"))
      .then({created<Contact>("new1", R"(email: "Ada@Example.com" type: TYPE_CUSTOMER status: "LEAD"
                                         source: SOURCE_MANUAL is_subscribed: false email_key: "ada@example.com"
                                         sort_name: "ada@example.com")")});
}

TEST(ContactIdentity, AnyTakesFirstAndLastName) {
  Scene scene;
  scene.when(create_contact(R"(record { first_name: "Ada" last_name: "Lovelace" })"))
      .then({created<Contact>("new1", R"(first_name: "Ada" last_name: "Lovelace" type: TYPE_CUSTOMER status: "LEAD"
                                         source: SOURCE_MANUAL is_subscribed: false sort_name: "ada lovelace")")});
}

TEST(ContactIdentity, AnyRejectsHalfAName) {
  Scene scene;
  scene.when(create_contact(R"(record { first_name: "Ada" })")).then_rejected("validation_failed", "/email required");
}

TEST(ContactIdentity, AnyRejectsAnUpdateThatTakesTheLastOfIt) {
  Scene scene;
  scene.given({created<Contact>("ada", R"(email: "ada@example.com" email_key: "ada@example.com")")});
  scene.when(update_contact("ada", "", {Contact::kEmailFieldNumber}))
      .then_rejected("validation_failed", "/email required");
}

TEST(ContactIdentity, AnyLetsTheEMailGoWhereANameStays) {
  Scene scene;
  scene.given({created<Contact>("ada", R"(first_name: "Ada" last_name: "Lovelace" email: "ada@example.com"
                                          email_key: "ada@example.com" sort_name: "ada lovelace")")});
  scene.when(update_contact("ada", "", {Contact::kEmailFieldNumber}))
      .then({fact<v1::ContactEmailChanged>("ada", R"(previous_email: "ada@example.com")")})
      .and_again_nothing();
}

TEST(ContactIdentity, AnotherSettingLeavesOldContactsWritable) {
  Scene scene = identified_by("CONTACT_IDENTITY_EMAIL");
  scene.given(
      {created<Contact>("ada", R"(first_name: "Ada" last_name: "Lovelace" status: "GONE" sort_name: "ada lovelace")")});
  scene.done(update_contact("ada", R"(phone: "1")"));
  scene.when(update_contact("ada", R"(status: "LOST")")).then_rejected("validation_failed", "/status invalid_value");
  scene.done(update_contact("ada", R"(email: "ada@example.com" status: "lead")"));
  scene.when(update_contact("ada", "", {Contact::kEmailFieldNumber}))
      .then_rejected("validation_failed", "/email required");
}

TEST(ContactIdentity, AnyReportsEveryErrorAtOnce) {
  Scene scene;
  const auto outcome = scene.when(create_contact(R"(record { first_name: "Ada" birth_day: 3 status: "VIP" })"));
  ASSERT_FALSE(outcome.result());
  std::vector<std::string> pointers;
  for (const FieldError& error : outcome.result().error().errors) pointers.push_back(error.pointer);
  EXPECT_EQ(pointers, (std::vector<std::string>{"/email", "/birth_month", "/status"}));
}

TEST(ContactIdentity, ByEMailRejectsNamesAlone) {
  Scene scene = identified_by("CONTACT_IDENTITY_EMAIL");
  scene.when(create_contact(R"(record { first_name: "Ada" last_name: "Lovelace" })"))
      .then_rejected("validation_failed", "/email required");
}

TEST(ContactIdentity, ByNamesRejectsAnEMailAlone) {
  Scene scene = identified_by("CONTACT_IDENTITY_NAMES");
  scene.when(create_contact(R"(record { email: "ada@example.com" last_name: "Lovelace" })"))
      .then_rejected("validation_failed", "/first_name required");
}

TEST(ContactIdentity, ByNamesTakesNamesWithoutEMail) {
  Scene scene = identified_by("CONTACT_IDENTITY_NAMES");
  scene.done(create_contact(R"(record { first_name: "Ada" last_name: "Lovelace" })"));
  EXPECT_EQ(scene.get<Contact>("new1").sort_name(), "ada lovelace");
}

TEST(ContactIdentity, ByNameAndEMailNeedsBoth) {
  Scene scene = identified_by("CONTACT_IDENTITY_NAME_AND_EMAIL");
  scene.when(create_contact(R"(record { last_name: "Lovelace" })"))
      .then_rejected("validation_failed", "/email required");
  scene.when(create_contact(R"(record { email: "ada@example.com" })"))
      .then_rejected("validation_failed", "/first_name required");
  scene.done(create_contact(R"(record { last_name: "Lovelace" email: "ada@example.com" })"));
}

TEST(ContactIdentity, OldContactThatChangesNothingIsNotJudgedByANewSetting) {
  Scene scene = identified_by("CONTACT_IDENTITY_EMAIL");
  scene.given({created<Contact>("ada", R"(first_name: "Ada" last_name: "Lovelace" sort_name: "ada lovelace")")});
  scene.when(update_contact("ada", R"(first_name: "Ada")")).then_nothing();
}

TEST(ContactIdentity, TermsOfAnImportReplaceTheSetting) {
  Scene scene = identified_by("CONTACT_IDENTITY_EMAIL");
  scene.done([](const View& view, const Context& context) {
    return create_contact(message<v1::CreateContact>(R"(record { first_name: "Ada" last_name: "Lovelace" })"), view,
                          context, {.identity = v1::Settings::CONTACT_IDENTITY_NAMES});
  });
  EXPECT_EQ(scene.get<Contact>("new1").last_name(), "Lovelace");
}

}  // namespace
}  // namespace daybook::domain
