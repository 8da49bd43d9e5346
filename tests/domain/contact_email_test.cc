// Rules 2 and 3: one live contact for each address of a workspace.
#include "daybook/v1/contact.pb.h"
#include "domain/contact.h"
#include "tests/domain/given.h"

namespace daybook::domain {
namespace {

using v1::Contact;

Event ada() { return created<Contact>("ada", R"(email: "ada@example.com" email_key: "ada@example.com")"); }
Event bob() { return created<Contact>("bob", R"(email: "bob@example.com" email_key: "bob@example.com")"); }
Event ada_also_at_work() {
  return fact<v1::ContactSecondaryEmailAdded>("ada", R"(email: "Ada@Work.example" email_key: "ada@work.example")");
}

Command add_email(std::string_view contact, std::string email) {
  return [contact = id(contact), email](const View& view, const Context& context) {
    return add_secondary_email(contact, email, view, context);
  };
}
Command remove_email(std::string_view contact, std::string email) {
  return [contact = id(contact), email](const View& view, const Context& context) {
    return remove_secondary_email(contact, email, view, context);
  };
}

TEST(UniqueEmail, RejectsASecondContactAndNamesTheFirst) {
  Scene scene;
  const auto outcome = scene.given({ada()}).when(create_contact(R"(record { email: " ADA@EXAMPLE.COM" })"));
  ASSERT_FALSE(outcome.result());
  EXPECT_EQ(outcome.result().error().code, "email_taken");
  EXPECT_EQ(outcome.result().error().existing_id, id("ada"));
}

TEST(UniqueEmail, RejectsASecondaryEMailOfAnother) {
  Scene scene;
  scene.given({ada(), ada_also_at_work()});
  scene.when(create_contact(R"(record { email: "ada@work.example" })"))
      .then_rejected("email_taken", "/email email_taken");
}

TEST(UniqueEmail, TakesDomainsAsTheirALabels) {
  Scene scene;
  scene.given({created<Contact>("ada", R"(email: "ada@bücher.example" email_key: "ada@xn--bcher-kva.example")")});
  scene.when(create_contact(R"(record { email: "ada@XN--BCHER-KVA.example" })")).then_rejected("email_taken");
}

TEST(UniqueEmail, IsReleasedByDeletion) {
  Scene scene;
  scene.given({ada(), ada_also_at_work(), deleted<Contact>("ada")});
  scene.done(create_contact(R"(record { email: "ada@example.com" })"));
  scene.done(create_contact(R"(record { email: "ada@work.example" })"));
}

TEST(UniqueEmail, IsTakenBackByRestore) {
  Scene scene;
  scene.given({ada(), deleted<Contact>("ada"), restored<Contact>("ada")});
  scene.when(create_contact(R"(record { email: "ada@example.com" })")).then_rejected("email_taken");
}

TEST(UniqueEmail, RejectsARestoreWhenAnotherHasItNow) {
  Scene scene;
  scene.given({ada(), ada_also_at_work(), deleted<Contact>("ada")});
  scene.done(create_contact(R"(record { email: "ada@work.example" })"));
  scene.when(restore<Contact>("ada")).then_rejected("email_taken");
}

TEST(ChangeEmail, SaysBothAddresses) {
  Scene scene;
  scene.given({ada()})
      .when(update_contact("ada", R"(email: "ada@new.example")"))
      .then({fact<v1::ContactEmailChanged>("ada", R"(email: "ada@new.example" email_key: "ada@new.example"
                                                     previous_email: "ada@example.com")"),
             updated<Contact>("ada", R"(sort_name: "ada@new.example")")})
      .and_again_nothing();
}

TEST(ChangeEmail, KeepsTheKeyWhereOnlyTheCaseChanges) {
  Scene scene;
  scene.given({ada(), updated<Contact>("ada", R"(sort_name: "ada@example.com")")})
      .when(update_contact("ada", R"(email: "Ada@example.com")"))
      .then({fact<v1::ContactEmailChanged>("ada", R"(email: "Ada@example.com" email_key: "ada@example.com"
                                                     previous_email: "ada@example.com")")})
      .and_again_nothing();
}

TEST(ChangeEmail, RejectsAnAddressOfAnother) {
  Scene scene;
  scene.given({ada(), bob()}).when(update_contact("bob", R"(email: "ADA@example.com")")).then_rejected("email_taken");
}

TEST(ChangeEmail, ReleasesTheOldAddress) {
  Scene scene;
  scene.given({ada()}).done(update_contact("ada", R"(email: "ada@new.example")"));
  scene.done(create_contact(R"(record { email: "ada@example.com" })"));
}

TEST(ChangeEmail, ToAnOwnSecondaryOnePromotesIt) {
  Scene scene;
  scene.given({ada(), ada_also_at_work()})
      .when(update_contact("ada", R"(email: "ada@work.example")"))
      .then({fact<v1::ContactSecondaryEmailRemoved>("ada", R"(email_key: "ada@work.example")"),
             fact<v1::ContactEmailChanged>("ada", R"(email: "ada@work.example" email_key: "ada@work.example"
                                                     previous_email: "ada@example.com")"),
             updated<Contact>("ada", R"(sort_name: "ada@work.example")")})
      .and_again_nothing();
  EXPECT_EQ(scene.get<Contact>("ada").secondary_emails_size(), 0);
  scene.when(create_contact(R"(record { email: "ada@work.example" })")).then_rejected("email_taken");
}

TEST(SecondaryEmail, IsKeptAsEnteredWithItsKey) {
  Scene scene;
  scene.given({ada()}).when(add_email("ada", "Ada@Work.example")).then({ada_also_at_work()}).and_again_nothing();
}

TEST(SecondaryEmail, EqualToTheOwnEMailEmitsNothing) {
  Scene scene;
  scene.given({ada()}).when(add_email("ada", "ada@EXAMPLE.com")).then_nothing();
}

TEST(SecondaryEmail, RejectsWhatIsNoAddress) {
  Scene scene;
  scene.given({ada()}).when(add_email("ada", "ada at work")).then_rejected("validation_failed", "/email invalid_email");
}

TEST(SecondaryEmail, RejectsMoreThan254Octets) {
  Scene scene;
  scene.given({ada()})
      .when(add_email("ada", std::string(64, 'a') + "@" + std::string(63, 'b') + "." + std::string(63, 'c') + "." +
                                 std::string(63, 'd')))
      .then_rejected("validation_failed", "/email invalid_email");
}

TEST(SecondaryEmail, RejectsAnAddressOfAnother) {
  Scene scene;
  scene.given({ada(), bob()}).when(add_email("ada", "bob@example.com")).then_rejected("email_taken");
}

TEST(SecondaryEmail, FindsItsContact) {
  Scene scene;
  scene.given({ada(), ada_also_at_work()});
  EXPECT_EQ(find_contact("ADA@work.example", scene.view()), id("ada"));
  EXPECT_EQ(find_contact("nobody@work.example", scene.view()), std::nullopt);
}

TEST(SecondaryEmail, IsReleasedWhenRemoved) {
  Scene scene;
  scene.given({ada(), ada_also_at_work()})
      .when(remove_email("ada", "ADA@work.example"))
      .then({fact<v1::ContactSecondaryEmailRemoved>("ada", R"(email_key: "ada@work.example")")})
      .and_again_nothing();
  scene.done(create_contact(R"(record { email: "ada@work.example" })"));
}

}  // namespace
}  // namespace daybook::domain
