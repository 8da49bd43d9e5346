// domain.md §9: what refers to a merged contact refers to the survivor, and who may be merged.
#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "daybook/v1/work.pb.h"
#include "domain/merge.h"
#include "tests/domain/given.h"

namespace daybook::domain {
namespace {

using v1::Contact;
using v1::ContactMerged;
using v1::Deal;
using v1::Note;

Event contact(std::string_view name) {
  return created<Contact>(name, R"(first_name: "F" last_name: "L" sort_name: "f l")");
}
Event note(std::string_view name, const std::string& more = {}) {
  return created<Note>(name, R"(body: "N" contact_id: @copy )" + more, "copy");
}
Command merge(std::string_view primary, std::string_view duplicate) {
  return [primary = id(primary), duplicate = id(duplicate)](const View& view, const Context& context) {
    return merge_contacts({.primary = primary, .duplicate = duplicate}, view, context);
  };
}
Event merged(const std::string& more = {}) {
  return fact<ContactMerged>("ada", "duplicate_id: @copy " + more + " rule_version: 1");
}

TEST(MergeLinks, EveryKindThatRefersToTheDuplicateIsRelinkedOnce) {
  Scene scene;
  scene.given({contact("ada"), contact("copy"), note("note"),
               created<Deal>("deal", R"(title: "D" pipeline_id: @pipe contact_id: @copy)"),
               created<v1::Activity>("call", R"(type: TYPE_CALL subject: "C" contact_id: @copy)", "copy"),
               created<v1::Activity>("task", R"(type: TYPE_TASK subject: "K" contact_id: @copy)"),
               created<v1::Project>("project", R"(title: "P" contact_id: @copy)"),
               created<v1::Ticket>("ticket", R"(subject: "T" contact_id: @copy)")});
  scene.when(merge("ada", "copy"))
      .then({merged(R"(relinked { kind: 8 id: @deal field: 11 } relinked { kind: 9 id: @note field: 4 }
                       relinked { kind: 10 id: @call field: 9 } relinked { kind: 10 id: @task field: 9 }
                       relinked { kind: 11 id: @project field: 5 } relinked { kind: 12 id: @ticket field: 5 })")})
      .and_again_nothing();
  const std::string survivor(id("ada").view());
  EXPECT_EQ(scene.get<Note>("note").contact_id(), survivor);
  EXPECT_EQ(scene.get<Deal>("deal").contact_id(), survivor);
  EXPECT_EQ(scene.get<v1::Activity>("call").contact_id(), survivor);
  EXPECT_EQ(scene.get<v1::Activity>("task").contact_id(), survivor);
  EXPECT_EQ(scene.get<v1::Project>("project").contact_id(), survivor);
  EXPECT_EQ(scene.get<v1::Ticket>("ticket").contact_id(), survivor);
}

TEST(MergeLinks, KindsThatReferToContactsAreTheOnesTestedAbove) {
  std::string names;
  for (const model::Referrer& referrer : model::schema().referrers(kind_of<Contact>().number)) {
    names += referrer.kind->name + "." + referrer.field->name + " ";
  }
  EXPECT_EQ(
      names,
      "contact.merged_into deal.contact_id note.contact_id activity.contact_id project.contact_id ticket.contact_id ");
}

TEST(MergeLinks, SurvivorDuplicateAndEachRelinkedRecordGainOneVersion) {
  Scene scene;
  scene.given({contact("ada"), contact("copy"), note("note"), note("other", "deal_id: @deal"),
               created<Deal>("deal", R"(title: "D" pipeline_id: @pipe)")});
  scene.done(merge("ada", "copy"));
  EXPECT_EQ(scene.version<Contact>("ada"), 2);
  EXPECT_EQ(scene.version<Contact>("copy"), 2);
  EXPECT_EQ(scene.version<Note>("note"), 2);
  EXPECT_EQ(scene.version<Note>("other"), 2);
  EXPECT_EQ(scene.version<Deal>("deal"), 1);
}

TEST(MergeLinks, DeletedAndHiddenRecordsAreRelinkedToo) {
  Scene scene;
  scene
      .given({contact("ada"), contact("copy"), note("note"), note("hidden", "deal_id: @deal"),
              created<Deal>("deal", R"(title: "D" pipeline_id: @pipe)")})
      .given({deleted<Note>("note", "", "copy")});
  scene.done(remove<Deal>("deal"));
  scene.done(merge("ada", "copy"));
  EXPECT_EQ(scene.get<Note>("note").contact_id(), id("ada").view());
  scene.done(restore<Note>("note"));
  scene.done(restore<Deal>("deal"));
  EXPECT_EQ(scene.shown<Note>("note"), R"(body: "N" contact_id: "ada.............")");
  EXPECT_EQ(scene.shown<Note>("hidden"), R"(body: "N" contact_id: "ada............." deal_id: "deal............")");
}

TEST(MergeLinks, WhatHidesWithAContactIsSealedForTheSurvivorFromThenOn) {
  Scene scene;
  scene.given({contact("ada"), contact("copy"), note("note")}).done(merge("ada", "copy"));
  const Events edited = scene.done(update_record(kind_of<Note>(), "note", R"(body: "edited")"));
  ASSERT_EQ(edited.size(), 1U);
  EXPECT_EQ(edited[0].subject, id("ada"));
}

TEST(MergeLinks, DeletingTheSurvivorHidesWhatItTookOver) {
  Scene scene;
  scene.given({contact("ada"), contact("copy"), note("note")}).done(merge("ada", "copy"));
  scene.done(remove<Contact>("ada"));
  EXPECT_EQ(scene.shown<Note>("note"), "deleted");
  scene.done(restore<Contact>("ada"));
  EXPECT_EQ(scene.get<Note>("note").contact_id(), id("ada").view());
}

TEST(MergeLinks, OfNothingNamesNothing) {
  Scene scene;
  scene.given({contact("ada"), contact("copy")}).when(merge("ada", "copy")).then({merged()}).and_again_nothing();
}

TEST(MergeLinks, NamesAtMost5000RecordsInOneEvent) {
  Scene scene;
  Events events{contact("ada"), contact("copy")};
  for (int i = 0; i < 10001; ++i) events.push_back(note("n" + std::to_string(i)));
  scene.given(events);
  const Events emitted = scene.done(merge("ada", "copy"));
  ASSERT_EQ(emitted.size(), 3U);
  EXPECT_EQ(parse<ContactMerged>(emitted[0].data).relinked_size(), 5000);
  EXPECT_EQ(emitted[1].name, "contact.relinked");
  EXPECT_EQ(emitted[1].id, id("ada"));
  EXPECT_EQ(parse<v1::RecordRelinked>(emitted[1].data).relinked_size(), 5000);
  EXPECT_EQ(parse<v1::RecordRelinked>(emitted[2].data).relinked_size(), 1);
  EXPECT_EQ(parse<v1::RecordRelinked>(emitted[2].data).previous_id(), id("copy").view());
  int moved = 0;
  scene.view().for_each(kind_of<Note>(), [&](const model::Uuid&, std::string_view record) {
    if (parse<Note>(record).contact_id() == id("ada").view() && meta_of(record).version() == 2) ++moved;
    return true;
  });
  EXPECT_EQ(moved, 10001);
}

TEST(MergedAway, IsDeletedAndNamesTheSurvivor) {
  Scene scene;
  scene.given({contact("ada"), contact("copy")}).done(merge("ada", "copy"));
  EXPECT_EQ(scene.shown<Contact>("copy"), "deleted");
  EXPECT_EQ(scene.get<Contact>("copy").merged_into(), id("ada").view());
}

TEST(MergedAway, RefusesEveryCommandAndNamesTheSurvivor) {
  Scene scene;
  scene.given({contact("ada"), contact("copy")}).done(merge("ada", "copy"));
  const auto outcome = scene.when(update_contact("copy", R"(phone: "1")"));
  ASSERT_FALSE(outcome.result());
  EXPECT_EQ(outcome.result().error().code, "merged");
  EXPECT_EQ(outcome.result().error().existing_id, id("ada"));
  scene.when(remove<Contact>("copy")).then_rejected("merged");
  scene.when(restore<Contact>("copy")).then_rejected("merged");
  scene.when(create_record<Note>(R"(body: "N" contact_id: @copy)"))
      .then_rejected("validation_failed", "/contact_id not_found");
}

TEST(MergedAway, ChainEndsAtTheLastSurvivor) {
  Scene scene;
  scene.given({contact("a"), contact("b"), contact("c")});
  scene.done(merge("a", "c"));
  scene.done(merge("b", "a"));
  EXPECT_EQ(last_survivor(id("c"), scene.view()), id("b"));
  EXPECT_EQ(last_survivor(id("a"), scene.view()), id("b"));
  EXPECT_EQ(last_survivor(id("b"), scene.view()), id("b"));
  EXPECT_EQ(last_survivor(id("none"), scene.view()), id("none"));
  EXPECT_EQ(scene.when(update_contact("c", R"(phone: "1")")).result().error().existing_id, id("b"));
  scene.when(merge("b", "c")).then_nothing();
}

TEST(MergeContacts, RejectsMergingWithItself) {
  Scene scene;
  scene.given({contact("ada")})
      .when(merge("ada", "ada"))
      .then_rejected("validation_failed", "/duplicate_id invalid_value");
}

TEST(MergeContacts, RejectsAnUnknownOrForeignDuplicate) {
  Scene scene;
  Scene other;
  other.given({contact("copy")});
  scene.given({contact("ada")})
      .when(merge("ada", "copy"))
      .then_rejected("validation_failed", "/duplicate_id not_found");
}

TEST(MergeContacts, RejectsADeletedDuplicate) {
  Scene scene;
  scene.given({contact("ada"), contact("copy"), deleted<Contact>("copy")})
      .when(merge("ada", "copy"))
      .then_rejected("validation_failed", "/duplicate_id deleted");
}

TEST(MergeContacts, RejectsADuplicateThatWasMergedElsewhere) {
  Scene scene;
  scene.given({contact("ada"), contact("bob"), contact("copy")}).done(merge("bob", "copy"));
  const auto outcome = scene.when(merge("ada", "copy"));
  ASSERT_FALSE(outcome.result());
  EXPECT_EQ(outcome.result().error().errors.front().code, "merged");
  EXPECT_EQ(outcome.result().error().existing_id, id("bob"));
}

TEST(MergeContacts, RejectsAPrimaryThatIsNotThere) {
  Scene scene;
  scene.given({contact("copy")}).when(merge("ada", "copy")).then_rejected("not_found");
  scene.given({contact("ada"), deleted<Contact>("ada")}).when(merge("ada", "copy")).then_rejected("deleted");
}

TEST(MergeContacts, RejectsOtherVersionsThanExpected) {
  Scene scene;
  scene.given({contact("ada"), contact("copy")});
  const auto expecting = [](std::int64_t primary, std::int64_t duplicate) {
    return [=](const View& view, const Context& context) {
      return merge_contacts(
          {.primary = id("ada"), .duplicate = id("copy"), .primary_version = primary, .duplicate_version = duplicate},
          view, context);
    };
  };
  scene.when(expecting(2, 1)).then_rejected("version_mismatch", "/expected_versions/primary version_mismatch");
  scene.when(expecting(1, 7)).then_rejected("version_mismatch", "/expected_versions/duplicate version_mismatch");
  scene.when(expecting(1, 1)).then({merged()});
}

}  // namespace
}  // namespace daybook::domain
