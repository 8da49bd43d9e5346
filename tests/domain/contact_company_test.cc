// Rule 7: a contact's company, by id or by name.
#include "daybook/v1/company.pb.h"
#include "daybook/v1/contact.pb.h"
#include "domain/contact.h"
#include "tests/domain/given.h"

namespace daybook::domain {
namespace {

using v1::Company;
using v1::Contact;

constexpr std::uint32_t kId = Contact::kCompanyIdFieldNumber;
constexpr std::uint32_t kName = Contact::kCompanyNameFieldNumber;

Event acme(std::string_view name = "acme") {
  return created<Company>(name, R"(name: "Acme  Inc" name_key: "acme inc")");
}
Event ada(const std::string& more = {}) {
  return created<Contact>("ada", R"(first_name: "Ada" last_name: "L" status: "LEAD" sort_name: "ada l" )" + more);
}
Event ada_at_acme() { return ada(R"(company_id: @acme company_name: "Acme  Inc")"); }

TEST(ContactCompany, NameLinksTheOldestLiveCompanyOfThatName) {
  Scene scene;
  scene.given({acme("a1"), deleted<Company>("a1"), acme("a2"), acme("a3"), ada()})
      .when(update_contact("ada", R"(company_name: "ACME inc")"))
      .then({updated<Contact>("ada", R"(company_id: @a2 company_name: "Acme  Inc")")})
      .and_again_nothing();
}

TEST(ContactCompany, NameCreatesTheCompanyWhereThereIsNone) {
  Scene scene;
  scene.given({ada()})
      .when(update_contact("ada", R"(company_name: "Acme  Inc")"))
      .then({acme("new1"), updated<Contact>("ada", R"(company_id: @new1 company_name: "Acme  Inc")")})
      .and_again_nothing();
}

TEST(ContactCompany, NameStaysTextWhereTheWorkspaceCreatesNone) {
  Scene scene;
  scene
      .given(
          {updated<v1::Workspace>("shop", "settings { company_autocreate: false contact_statuses: \"LEAD\" }"), ada()})
      .when(update_contact("ada", R"(company_name: "Acme")"))
      .then({updated<Contact>("ada", R"(company_name: "Acme")")})
      .and_again_nothing();
}

TEST(ContactCompany, UnknownNameUnlinksWhereTheWorkspaceCreatesNone) {
  Scene scene;
  scene
      .given({acme(), ada_at_acme(),
              updated<v1::Workspace>("shop", R"(settings { company_autocreate: false contact_statuses: "LEAD" })")})
      .when(update_contact("ada", R"(company_name: "Globex")"))
      .then({updated<Contact>("ada", R"(company_name: "Globex")", {kId})})
      .and_again_nothing();
}

TEST(ContactCompany, NewNameLinksAnother) {
  Scene scene;
  scene.given({acme(), ada_at_acme(), created<Company>("globex", R"(name: "Globex" name_key: "globex")")})
      .when(update_contact("ada", R"(company_name: "globex")"))
      .then({updated<Contact>("ada", R"(company_id: @globex company_name: "Globex")")})
      .and_again_nothing();
}

TEST(ContactCompany, ItsOwnNameKeepsTheLinkThoughAnOlderCompanyHasItToo) {
  Scene scene;
  scene.given({acme("aaa"), acme(), ada_at_acme()})
      .when(update_contact("ada", R"(company_name: "acme INC")"))
      .then_nothing();
}

TEST(ContactCompany, FormerNameOfARenamedCompanyLinksAnew) {
  Scene scene;
  scene.given({acme(), ada_at_acme(), updated<Company>("acme", R"(name: "Acme SE" name_key: "acme se")")})
      .when(update_contact("ada", R"(company_name: "Acme  Inc")"))
      .then({acme("new1"), updated<Contact>("ada", R"(company_id: @new1)")})
      .and_again_nothing();
}

TEST(ContactCompany, IdTakesTheCompanysName) {
  Scene scene;
  scene.given({acme(), ada()})
      .when(update_contact("ada", R"(company_id: @acme company_name: "something else")"))
      .then({updated<Contact>("ada", R"(company_id: @acme company_name: "Acme  Inc")")})
      .and_again_nothing();
}

TEST(ContactCompany, NullIdUnlinksAndKeepsTheNameAsText) {
  Scene scene;
  scene.given({acme(), ada_at_acme(), updated<Company>("acme", R"(name: "Acme SE" name_key: "acme se")")})
      .when(update_contact("ada", "", {kId}))
      .then({updated<Contact>("ada", R"(company_name: "Acme SE")", {kId})})
      .and_again_nothing();
}

TEST(ContactCompany, NullIdWithANameKeepsThatNameAsText) {
  Scene scene;
  scene.given({acme(), ada()})
      .when(update_contact("ada", R"(company_name: "Acme  Inc")", {kId}))
      .then({updated<Contact>("ada", R"(company_name: "Acme  Inc")")})
      .and_again_nothing();
}

TEST(ContactCompany, NullNameUnlinks) {
  Scene scene;
  scene.given({acme(), ada_at_acme()})
      .when(update_contact("ada", "", {kName}))
      .then({updated<Contact>("ada", "", {kId, kName})})
      .and_again_nothing();
}

TEST(ContactCompany, RejectsADeletedOrUnknownCompany) {
  Scene scene;
  scene.given({acme(), deleted<Company>("acme"), ada()});
  scene.when(update_contact("ada", "company_id: @acme")).then_rejected("validation_failed", "/company_id not_found");
  scene.when(create_contact(R"(record { email: "b@example.com" company_id: @acme })"))
      .then_rejected("validation_failed", "/company_id not_found");
  scene.when(create_contact(R"(record { email: "b@example.com" company_id: @none })"))
      .then_rejected("validation_failed", "/company_id not_found");
}

TEST(ContactCompany, CreatedWithANameIsLinked) {
  Scene scene;
  scene.given({acme()});
  scene.done(create_contact(R"(record { email: "b@example.com" company_name: "acme inc" })"));
  EXPECT_EQ(scene.get<Contact>("new1").company_id(), std::string(id("acme").view()));
}

TEST(ContactCompany, RejectedContactCreatesNoCompany) {
  Scene scene;
  scene.when(create_contact(R"(record { first_name: "Ada" company_name: "Acme" })"))
      .then_rejected("validation_failed", "/email required");
}

TEST(ContactCompany, ImportKeepsTheNameAsText) {
  Scene scene;
  scene.given({acme()});
  scene.done([](const View& view, const Context& context) {
    return create_contact(message<v1::CreateContact>(R"(record { email: "b@example.com" company_name: "Acme Inc" })"),
                          view, context, {.link_company = false});
  });
  EXPECT_FALSE(scene.get<Contact>("new1").has_company_id());
  EXPECT_EQ(scene.get<Contact>("new1").company_name(), "Acme Inc");
}

}  // namespace
}  // namespace daybook::domain
