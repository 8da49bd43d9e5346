// domain.md §9: whose values stand when two contacts are merged.
#include "daybook/v1/company.pb.h"
#include "daybook/v1/contact.pb.h"
#include "domain/contact.h"
#include "domain/merge.h"
#include "tests/domain/given.h"

namespace daybook::domain {
namespace {

using v1::Contact;
using v1::ContactMerged;

Event ada(const std::string& more = {}) {
  return created<Contact>("ada", R"(first_name: "Ada" last_name: "L" status: "LEAD" sort_name: "ada l" )" + more);
}
Event copy(const std::string& more) { return created<Contact>("copy", R"(status: "ACTIVE" )" + more); }

Command merge(std::map<std::string, std::string> fields = {}) {
  return [fields](const View& view, const Context& context) {
    return merge_contacts({.primary = id("ada"), .duplicate = id("copy"), .fields = fields}, view, context);
  };
}
Event merged(const std::string& more = {}) {
  return fact<ContactMerged>("ada", "duplicate_id: @copy " + more + " rule_version: 1");
}

TEST(MergeFields, PrimaryWinsAndItsEmptyFieldsTakeTheDuplicates) {
  Scene scene;
  scene.given({ada(R"(phone: "1")"), copy(R"(first_name: "Adda" phone: "2" city: "London" notes: "n")")})
      .when(merge())
      .then({merged("taken: 17 taken: 20")})
      .and_again_nothing();
  EXPECT_EQ(scene.shown<Contact>("ada"), R"(first_name: "Ada" last_name: "L" phone: "1" status: "LEAD" notes: "n" )"
                                         R"(city: "London" sort_name: "ada l")");
}

TEST(MergeFields, EveryFieldAnyoneMaySetIsTakenWhenEmpty) {
  const std::string all =
      R"(first_name: "F" last_name: "L" email: "e@example.com" phone: "p" job_title: "j" type: TYPE_VENDOR status: "LEAD"
         lead_source: "l" company_id: @acme company_name: "Acme" industry: "i" company_size: "s" timezone: "UTC" notes: "n"
         address_line1: "1" address_line2: "2" city: "c" state: "s" postal_code: "z" country: "d" birth_month: 1
         birth_day: 2 owner_id: @boss portal_user_id: "u" email_key: "e@example.com" sort_name: "f l")";
  Scene scene;
  scene.given(
      {created<v1::Company>("acme", R"(name: "Acme")"), created<Contact>("ada", ""), created<Contact>("copy", all)});
  scene.done(merge());
  EXPECT_EQ(scene.shown<Contact>("copy"), "deleted");
  auto got = scene.get<Contact>("ada");
  got.clear_meta();
  EXPECT_EQ(got.SerializeAsString(), message<Contact>(all).SerializeAsString());
}

TEST(MergeFields, ChoiceOfTheDuplicateReplacesAndRemembersWhatStoodThere) {
  Scene scene;
  scene.given({ada(R"(phone: "1")"), copy(R"(phone: "2")")})
      .when(merge({{"phone", "duplicate"}, {"status", "duplicate"}}))
      .then({merged(R"(taken: 6 taken: 9 previous { phone: "1" status: "LEAD" })")})
      .and_again_nothing();
  EXPECT_EQ(scene.get<Contact>("ada").phone(), "2");
}

TEST(MergeFields, ChoiceOfAnEmptyFieldEmptiesIt) {
  Scene scene;
  scene.given({ada(R"(phone: "1")"), copy("")})
      .when(merge({{"phone", "duplicate"}}))
      .then({merged(R"(taken: 6 previous { phone: "1" })")});
}

TEST(MergeFields, ChoiceOfThePrimaryKeepsItEmpty) {
  Scene scene;
  scene.given({ada(), copy(R"(phone: "2")")}).when(merge({{"phone", "primary"}})).then({merged()});
}

TEST(MergeFields, ChoiceOfANameSortsAnew) {
  Scene scene;
  scene.given({ada(), copy(R"(last_name: "King")")})
      .when(merge({{"last_name", "duplicate"}}))
      .then({merged(R"(taken: 3 previous { last_name: "L" } sort_name: "ada king")")});
}

TEST(MergeFields, BirthdayGoesAsAPair) {
  Scene scene;
  scene.given({ada("birth_month: 2 birth_day: 3"), copy("birth_month: 2 birth_day: 4")})
      .when(merge({{"birth_day", "duplicate"}}))
      .then({merged("taken: 25 previous { birth_day: 3 }")});
  scene.when(merge({{"birth_day", "duplicate"}, {"birth_month", "primary"}}))
      .then_rejected("validation_failed", "/fields/birth_day invalid_value");
}

TEST(MergeFields, CompanyGoesWithItsName) {
  Scene scene;
  scene.given({created<v1::Company>("acme", R"(name: "Acme")"), ada(R"(company_name: "Globex")"),
               copy(R"(company_id: @acme company_name: "Acme")")});
  scene.when(merge()).then({merged()});
  scene.when(merge({{"company_id", "duplicate"}}))
      .then({merged(R"(taken: 12 taken: 13 previous { company_name: "Globex" })")});
}

TEST(MergeFields, RejectsChoicesThatMeanNothing) {
  Scene scene;
  scene.given({ada(), copy("")});
  scene.when(merge({{"shoe_size", "primary"}})).then_rejected("validation_failed", "/fields/shoe_size unknown_field");
  scene.when(merge({{"is_subscribed", "duplicate"}}))
      .then_rejected("validation_failed", "/fields/is_subscribed immutable");
  scene.when(merge({{"meta", "duplicate"}})).then_rejected("validation_failed", "/fields/meta immutable");
  scene.when(merge({{"phone", "both"}})).then_rejected("validation_failed", "/fields/phone invalid_value");
}

TEST(MergeFields, RejectsAChoiceThatLeavesNobody) {
  Scene scene;
  scene.given({ada(), copy("")})
      .when(merge({{"first_name", "duplicate"}}))
      .then_rejected("validation_failed", "/fields/email required");
}

TEST(MergeFields, SourceStaysThePrimarys) {
  Scene scene;
  scene.given({ada("source: SOURCE_MANUAL"), copy("source: SOURCE_IMPORT")}).when(merge()).then({merged()});
}

TEST(MergeEmails, DuplicatesBecomeSecondaryOnes) {
  Scene scene;
  scene.given({ada(R"(email: "a@example.com" email_key: "a@example.com")"),
               copy(R"(email: "B@example.com" secondary_emails: "C@example.com" email_key: "b@example.com"
                       secondary_email_keys: "c@example.com")")});
  scene.when(merge()).then({merged("addresses: 0 addresses: 1")}).and_again_nothing();
  EXPECT_EQ(scene.shown<Contact>("ada"),
            R"(first_name: "Ada" last_name: "L" email: "a@example.com" secondary_emails: "B@example.com" )"
            R"(secondary_emails: "C@example.com" status: "LEAD" email_key: "a@example.com" )"
            R"(secondary_email_keys: "b@example.com" secondary_email_keys: "c@example.com" sort_name: "ada l")");
  EXPECT_EQ(find_contact("b@example.com", scene.view()), id("ada"));
  EXPECT_EQ(find_contact("c@example.com", scene.view()), id("ada"));
  scene.when(create_contact(R"(record { email: "c@example.com" })")).then_rejected("email_taken");
}

TEST(MergeEmails, EmptyEMailTakesTheDuplicates) {
  Scene scene;
  scene.given({ada(), copy(R"(email: "b@example.com" email_key: "b@example.com")")})
      .when(merge())
      .then({merged("taken: 4 taken: 40")});
  scene.done(merge());
  EXPECT_EQ(scene.get<Contact>("ada").email(), "b@example.com");
  EXPECT_EQ(scene.get<Contact>("ada").secondary_emails_size(), 0);
}

TEST(MergeEmails, ReplacedEMailBecomesASecondaryOne) {
  Scene scene;
  scene.given({ada(R"(email: "a@example.com" email_key: "a@example.com")"),
               copy(R"(email: "b@example.com" email_key: "b@example.com")")});
  scene.when(merge({{"email", "duplicate"}}))
      .then({merged(R"(taken: 4 taken: 40 own_address_kept: true
                       previous { email: "a@example.com" email_key: "a@example.com" })")})
      .and_again_nothing();
  EXPECT_EQ(scene.get<Contact>("ada").email(), "b@example.com");
  EXPECT_EQ(find_contact("a@example.com", scene.view()), id("ada"));
}

TEST(MergeEmails, ChoiceOfNoEMailKeepsTheOneThereIs) {
  Scene scene;
  scene.given({ada(R"(email: "a@example.com" email_key: "a@example.com")"), copy("")})
      .when(merge({{"email", "duplicate"}}))
      .then({merged()});
}

TEST(MergeTags, AreUnitedAndACommonOneStandsOnce) {
  Scene scene;
  scene.given({created<v1::Tag>("t1", ""), created<v1::Tag>("t2", ""), created<v1::Tag>("t3", ""), ada(), copy(""),
               fact<v1::ContactTagged>("ada", "tag_ids: @t2 tag_ids: @t3"),
               fact<v1::ContactTagged>("copy", "tag_ids: @t1 tag_ids: @t2")});
  scene.when(merge()).then({merged("tag_ids: @t1")}).and_again_nothing();
  EXPECT_EQ(scene.get<Contact>("ada").tag_ids_size(), 3);
}

TEST(MergeConsent, SubscribedOnlyIfBothAre) {
  Scene scene;
  scene.given({ada("is_subscribed: true opt_in_at: 5"), copy("is_subscribed: false")})
      .when(merge())
      .then({merged("taken: 26 previous { is_subscribed: true }")});
  scene.given({updated<Contact>("copy", "is_subscribed: true opt_in_at: 7")}).when(merge()).then({merged()});
}

TEST(MergeConsent, DuplicatesConsentDoesNotSubscribeThePrimary) {
  Scene scene;
  scene.given({ada("is_subscribed: false"), copy(R"(is_subscribed: true opt_in_at: 7 opt_in_source: "form")")})
      .when(merge())
      .then({merged("taken: 27 taken: 28")});
  scene.done(merge());
  EXPECT_FALSE(scene.get<Contact>("ada").is_subscribed());
}

TEST(MergeConsent, UnsubscribedIfEitherIs) {
  Scene scene;
  scene.given({ada("is_subscribed: true"), copy("is_subscribed: false unsubscribed_at: 9")});
  scene.done(merge());
  EXPECT_FALSE(scene.get<Contact>("ada").is_subscribed());
  EXPECT_EQ(scene.get<Contact>("ada").unsubscribed_at(), 9);
}

TEST(MergeConsent, OwnUnsubscribeStays) {
  Scene scene;
  scene.given({ada("is_subscribed: false unsubscribed_at: 3"), copy("is_subscribed: true unsubscribed_at: 9")})
      .when(merge())
      .then({merged()});
}

TEST(MergeFields, EventNamesWhatWasTakenAndCopiesNothing) {
  Scene scene;
  scene.given({ada(), copy(R"(phone: "secret phone" email: "secret@example.com" email_key: "secret@example.com")")});
  for (const Event& event : scene.done(merge())) EXPECT_EQ(event.data.find("secret"), std::string::npos);
}

TEST(MergeFields, FoldTakesAnErasedDuplicateAsEmpty) {
  Scene scene;
  scene.given({ada(), created<Contact>("copy", ""), merged("taken: 6 taken: 4 taken: 40 addresses: 1")});
  EXPECT_EQ(scene.shown<Contact>("ada"), R"(first_name: "Ada" last_name: "L" status: "LEAD" sort_name: "ada l")");
}

}  // namespace
}  // namespace daybook::domain
