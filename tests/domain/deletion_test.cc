// Rules 5 and 6: soft delete, what it hides and unlinks, and the way back.
#include "daybook/v1/company.pb.h"
#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "daybook/v1/work.pb.h"
#include "domain/contact.h"
#include "tests/domain/given.h"

namespace daybook::domain {
namespace {

using v1::Activity;
using v1::Company;
using v1::Contact;
using v1::Deal;
using v1::Note;

Event ada() { return created<Contact>("ada", R"(email: "ada@example.com" email_key: "ada@example.com")"); }
Event deal(const std::string& more = "contact_id: @ada") {
  return created<Deal>("deal", R"(title: "D" pipeline_id: @pipe stage: "lead" kind: KIND_OPEN )" + more);
}
Event note(const std::string& on = "contact_id: @ada") {
  return created<Note>("note", R"(body: "N" )" + on, on.find("contact") == std::string::npos ? "" : "ada");
}

TEST(DeleteContact, HidesWhatIsItsAndUnlinksWhatStays) {
  Scene scene;
  scene.given({ada(), note(), deal(), created<v1::Project>("project", R"(title: "P" contact_id: @ada)"),
               created<v1::Ticket>("ticket", R"(subject: "T" contact_id: @ada)"),
               created<Activity>("call", R"(type: TYPE_CALL subject: "C" contact_id: @ada)", "ada"),
               created<Activity>("task", R"(type: TYPE_TASK subject: "K" contact_id: @ada)")});
  scene.when(remove<Contact>("ada"))
      .then({deleted<Contact>("ada", R"(
      hidden { kind: 9 id: @note } hidden { kind: 10 id: @call }
      unlinked { kind: 8 id: @deal field: 11 } unlinked { kind: 10 id: @task field: 9 }
      unlinked { kind: 11 id: @project field: 5 } unlinked { kind: 12 id: @ticket field: 5 })")})
      .and_again_nothing();
  EXPECT_EQ(scene.shown<Note>("note"), "deleted");
  EXPECT_EQ(scene.shown<Activity>("call"), "deleted");
  EXPECT_EQ(scene.shown<Activity>("task"), R"(type: TYPE_TASK subject: "K")");
  EXPECT_EQ(scene.shown<v1::Ticket>("ticket"), R"(subject: "T")");
  EXPECT_EQ(scene.version<Deal>("deal"), 2);
  EXPECT_EQ(scene.get<Note>("note").meta().deleted_with(), std::string(id("ada").view()));
}

TEST(DeleteContact, LeavesWhatWasDeletedBefore) {
  Scene scene;
  scene.given({ada(), note()})
      .given({deleted<Note>("note")})
      .when(remove<Contact>("ada"))
      .then({deleted<Contact>("ada")});
}

TEST(DeleteContact, UnlinksDeletedRecordsTooSoThatTheyComeBackWithoutIt) {
  Scene scene;
  scene.given({ada(), deal()}).given({deleted<Deal>("deal")});
  scene.done(remove<Contact>("ada"));
  scene.done(restore<Deal>("deal"));
  EXPECT_FALSE(scene.get<Deal>("deal").has_contact_id());
}

TEST(DeleteContact, RejectsAnUnknownOne) {
  Scene scene;
  scene.when(remove<Contact>("ada")).then_rejected("not_found");
}

TEST(RestoreContact, BringsAllOfItBack) {
  Scene scene;
  scene.given({ada(), note(), deal()}).done(remove<Contact>("ada"));
  scene.when(restore<Contact>("ada"))
      .then({restored<Contact>("ada", R"(shown { kind: 9 id: @note } relinked { kind: 8 id: @deal field: 11 })")})
      .and_again_nothing();
  EXPECT_EQ(scene.shown<Note>("note"), R"(body: "N" contact_id: "ada.............")");
  EXPECT_EQ(scene.get<Deal>("deal").contact_id(), id("ada").view());
}

TEST(RestoreContact, LeavesWhatWasLinkedElsewhereSince) {
  Scene scene;
  scene.given({ada(), deal()}).done(remove<Contact>("ada"));
  scene.given({created<Contact>("bob", ""), fact<v1::DealContactLinked>("deal", "contact_id: @bob")});
  scene.when(restore<Contact>("ada")).then({restored<Contact>("ada")});
}

TEST(RestoreContact, LeavesWhatWasDeletedBefore) {
  Scene scene;
  scene.given({ada(), note()}).given({deleted<Note>("note")}).done(remove<Contact>("ada"));
  scene.done(restore<Contact>("ada"));
  EXPECT_EQ(scene.shown<Note>("note"), "deleted");
}

TEST(RestoreContact, RemembersOnlyItsLastDeletion) {
  Scene scene;
  scene.given({ada(), deal()}).done(remove<Contact>("ada"));
  scene.done(restore<Contact>("ada"));
  scene.given({fact<v1::DealContactUnlinked>("deal")}).done(remove<Contact>("ada"));
  scene.when(restore<Contact>("ada")).then({restored<Contact>("ada")});
}

TEST(RestoreNote, RejectedWhenItWasHiddenWithItsContact) {
  Scene scene;
  scene.given({ada(), note()}).done(remove<Contact>("ada"));
  scene.when(restore<Note>("note")).then_rejected("deleted");
}

TEST(RestoreNote, RejectedWhileItsContactIsDeleted) {
  Scene scene;
  scene.given({ada(), note()}).given({deleted<Note>("note", "", "ada")}).done(remove<Contact>("ada"));
  scene.when(restore<Note>("note")).then_rejected("deleted", "/contact_id deleted");
}

TEST(Restore, KeepsHiddenWhatStandsOnAnotherDeletedRecordToo) {
  Scene scene;
  scene.given({ada(), deal(""), note("contact_id: @ada deal_id: @deal")}).done(remove<Contact>("ada"));
  scene.done(remove<Deal>("deal"));
  scene.when(restore<Contact>("ada"))
      .then({restored<Contact>("ada", "kept_hidden { kind: 9 id: @note hidden_with: @deal }")})
      .and_again_nothing();
  scene.when(restore<Deal>("deal")).then({restored<Deal>("deal", "shown { kind: 9 id: @note }")}).and_again_nothing();
  EXPECT_EQ(scene.shown<Note>("note"), R"(body: "N" contact_id: "ada............." deal_id: "deal............")");
}

TEST(RestoreDeal, RejectedWhileItsPipelineIsDeleted) {
  Scene scene;
  scene.given({deal("")}).given({deleted<Deal>("deal"), deleted<v1::Pipeline>("pipe")});
  scene.when(restore<Deal>("deal")).then_rejected("deleted", "/pipeline_id deleted");
}

TEST(DeletePipeline, RejectedWhileALiveDealIsInIt) {
  Scene scene;
  scene.given({deal("")});
  scene.when(remove<v1::Pipeline>("pipe")).then_rejected("in_use");
  scene.given({deleted<Deal>("deal")}).when(remove<v1::Pipeline>("pipe")).then({deleted<v1::Pipeline>("pipe")});
}

TEST(DeleteCompany, UnlinksItsContactsWhoKeepTheName) {
  Scene scene;
  scene.given({created<Company>("acme", R"(name: "Acme" name_key: "acme")"),
               created<Contact>("ada", R"(company_id: @acme company_name: "Acme")")});
  scene.when(remove<Company>("acme"))
      .then({deleted<Company>("acme", "unlinked { kind: 4 id: @ada field: 12 }")})
      .and_again_nothing();
  EXPECT_EQ(scene.shown<Contact>("ada"), R"(company_name: "Acme")");
  scene.done(restore<Company>("acme"));
  EXPECT_EQ(scene.get<Contact>("ada").company_id(), id("acme").view());
}

TEST(DeleteTag, ComesBackAtItsPlaceAmongTheTags) {
  Scene scene;
  scene.given({created<v1::Tag>("t1", R"(name: "1" name_key: "1")"),
               created<v1::Tag>("t2", R"(name: "2" name_key: "2")"), created<Contact>("ada", ""),
               fact<v1::ContactTagged>("ada", "tag_ids: @t2"), fact<v1::ContactTagged>("ada", "tag_ids: @t1")});
  const std::string before = scene.shown<Contact>("ada");
  scene.done(remove<v1::Tag>("t1"));
  EXPECT_EQ(scene.shown<Contact>("ada"), R"(tag_ids: "t2..............")");
  scene.done(restore<v1::Tag>("t1"));
  EXPECT_EQ(scene.shown<Contact>("ada"), before);
}

TEST(RestoreTag, RejectedWhenItsNameIsTaken) {
  Scene scene;
  scene.given({created<v1::Tag>("t1", R"(name: "VIP" name_key: "vip")"), deleted<v1::Tag>("t1"),
               created<v1::Tag>("t2", R"(name: "vip" name_key: "vip")")});
  scene.when(restore<v1::Tag>("t1")).then_rejected("name_taken");
}

TEST(DeleteDeal, HidesItsNotesAndKeepsItsMails) {
  Scene scene;
  scene.given({deal(""), note("deal_id: @deal"), created<v1::Email>("mail", "state: STATE_SENT deal_id: @deal")});
  scene.when(remove<Deal>("deal")).then({deleted<Deal>("deal", "hidden { kind: 9 id: @note }")}).and_again_nothing();
}

TEST(DeleteContact, NamesAtMost5000RecordsInOneEvent) {
  Scene scene;
  Events events{ada()};
  for (int i = 0; i < 5001; ++i) {
    const std::string number = std::to_string(i);
    events.push_back(created<Note>("n" + number, R"(body: "N" contact_id: @ada)", "ada"));
    events.push_back(created<v1::Project>("p" + number, R"(title: "P" contact_id: @ada)"));
  }
  scene.given(events);
  const auto before = scene.rows().all().size();
  const Events gone = scene.done(remove<Contact>("ada"));
  ASSERT_EQ(gone.size(), 4U);
  EXPECT_EQ(gone[0].name, "contact.deleted");
  EXPECT_EQ(parse<v1::RecordDeleted>(gone[0].data).hidden_size(), 5000);
  EXPECT_EQ(gone[1].name, "contact.hidden");
  EXPECT_EQ(parse<v1::RecordHidden>(gone[1].data).hidden_size(), 1);
  EXPECT_EQ(gone[2].name, "contact.unlinked");
  EXPECT_EQ(parse<v1::RecordUnlinked>(gone[2].data).unlinked_size(), 5000);
  EXPECT_EQ(gone[3].name, "contact.unlinked");
  EXPECT_EQ(scene.shown<Note>("n5000"), "deleted");
  EXPECT_FALSE(scene.get<v1::Project>("p5000").has_contact_id());

  const Events back = scene.done(restore<Contact>("ada"));
  ASSERT_EQ(back.size(), 4U);
  EXPECT_EQ(back[0].name, "contact.restored");
  EXPECT_EQ(back[1].name, "contact.shown");
  EXPECT_EQ(back[2].name, "contact.relinked");
  EXPECT_EQ(back[3].name, "contact.relinked");
  EXPECT_EQ(scene.shown<Note>("n5000"), R"(body: "N" contact_id: "ada.............")");
  EXPECT_EQ(scene.get<v1::Project>("p5000").contact_id(), id("ada").view());
  EXPECT_EQ(scene.version<Note>("n17"), 3);
  EXPECT_EQ(scene.rows().all().size(), before) << "nothing is remembered of a deletion that was taken back";
}

TEST(RecordUnlinked, CutsALinkToARecordThatWasHiddenInTurn) {
  Scene scene;
  Event gone = deleted<Contact>("ada", "unlinked { kind: 12 id: @ticket field: 6 target: @acme }");
  scene.given({ada(), created<Company>("acme", R"(name: "Acme")"),
               created<v1::Ticket>("ticket", R"(subject: "T" company_id: @acme)"), gone});
  EXPECT_EQ(scene.shown<v1::Ticket>("ticket"), R"(subject: "T")");
}

}  // namespace
}  // namespace daybook::domain
