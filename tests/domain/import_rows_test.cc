#include "domain/import_rows.h"

#include <gtest/gtest.h>

#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "daybook/v1/work.pb.h"
#include "domain/draft.h"
#include "domain/import_record.h"
#include "domain/import_run.h"
#include "domain/plan.h"
#include "tests/domain/given.h"

namespace daybook::domain {
namespace {

// A file put into the scene as one commit: its events, and the counts of its run.
struct Imported {
  Events events;
  ImportCounts counts;
  v1::ImportRemarked remarks;
};

Imported import_file(Scene& scene, ImportKind kind, const std::string& text, const ImportOptions& options = {}) {
  const OpenSource open = [text] { return text_source(text); };
  auto plan = build_plan(kind, open, options);
  if (!plan) {
    ADD_FAILURE() << plan.error().front().pointer << " " << plan.error().front().detail;
    return {};
  }
  ImportRun run(id("file"), std::make_shared<const ImportPlan>(std::move(*plan)), options, open);
  Imported imported;
  imported.events = scene.done([&](const View& view, const Context& context) -> Result<Events> {
    Draft draft(view, context);
    for (bool ended = false; !ended;) {
      auto step = run.step(2, draft.view(), context);
      if (!step) return std::unexpected(step.error());
      draft.add(step->events);
      ended = step->ended;
    }
    return draft.take();
  });
  imported.counts = run.counts();
  for (const Event& event : imported.events) {
    if (event.name == "import.remarked") imported.remarks = parse<v1::ImportRemarked>(event.data);
  }
  return imported;
}

Scene scene_with_import() {
  Scene scene;
  scene.given({created<v1::Import>("file", "kind: KIND_CONTACTS state: STATE_RUNNING")});
  return scene;
}

v1::Contact contact_at(const Scene& scene, const std::string& email) {
  v1::Contact found;
  scene.view().for_each(kind_of<v1::Contact>(), [&](const model::Uuid&, std::string_view record) {
    const auto contact = parse<v1::Contact>(record);
    if (contact.email() == email && !is_deleted(record)) found = contact;
    return true;
  });
  return found;
}

std::vector<v1::Deal> deals_of(const Scene& scene) {
  std::vector<v1::Deal> deals;
  scene.view().for_each(kind_of<v1::Deal>(), [&](const model::Uuid&, std::string_view record) {
    deals.push_back(parse<v1::Deal>(record));
    return true;
  });
  return deals;
}

TEST(ImportContacts, CreatesWithTheSourceImportAndTheLoneNameSplit) {
  Scene scene = scene_with_import();
  const auto imported = import_file(scene, ImportKind::kContacts, "name,email\nJane Ann Smith,jane@x.test\n");
  EXPECT_EQ(imported.counts.created, 1U);
  const v1::Contact jane = contact_at(scene, "jane@x.test");
  EXPECT_EQ(jane.first_name(), "Jane Ann");
  EXPECT_EQ(jane.last_name(), "Smith");
  EXPECT_EQ(jane.source(), v1::Contact::SOURCE_IMPORT);
}

TEST(ImportContacts, NonEmptyCellsAloneOverwrite) {
  Scene scene = scene_with_import();
  scene.given({created<v1::Contact>(
      "ada", R"(first_name: "Ada" email: "ada@x.test" email_key: "ada@x.test" phone: "1" status: "LEAD")")});
  const auto imported = import_file(scene, ImportKind::kContacts, "email,phone,job title\nADA@x.test,,CTO\n");
  EXPECT_EQ(imported.counts.updated, 1U);
  const v1::Contact ada = contact_at(scene, "ada@x.test");
  EXPECT_EQ(ada.phone(), "1");
  EXPECT_EQ(ada.job_title(), "CTO");
}

TEST(ImportContacts, TheSameFileAgainChangesNothing) {
  Scene scene = scene_with_import();
  const std::string file = "name,email,tags,notes\nJane Smith,jane@x.test,\"vip, new\",Likes tea\n";
  import_file(scene, ImportKind::kContacts, file);
  const auto again = import_file(scene, ImportKind::kContacts, file);
  EXPECT_EQ(again.counts.unchanged, 1U);
  EXPECT_EQ(again.counts.warnings, 0U);
}

TEST(ImportContacts, ANoteIsAddedOnce) {
  Scene scene = scene_with_import();
  import_file(scene, ImportKind::kContacts, "email,notes\na@x.test,Likes tea\na@x.test,Likes tea\na@x.test,No milk\n");
  int notes = 0;
  scene.view().for_each(kind_of<v1::Note>(), [&](const model::Uuid&, std::string_view) { return ++notes > 0; });
  EXPECT_EQ(notes, 2);
}

TEST(ImportContacts, TheSameAddressTwiceAppliesInOrderWithAWarning) {
  Scene scene = scene_with_import();
  const auto imported = import_file(scene, ImportKind::kContacts, "email,phone\na@x.test,1\nA@x.test,2\n");
  EXPECT_EQ(imported.counts.created, 1U);
  EXPECT_EQ(imported.counts.updated, 1U);
  ASSERT_EQ(imported.remarks.warnings_size(), 1);
  EXPECT_EQ(imported.remarks.warnings(0).row(), 3);
  EXPECT_EQ(contact_at(scene, "a@x.test").phone(), "2");
}

TEST(ImportContacts, ADeletedOneIsNotRevived) {
  Scene scene = scene_with_import();
  scene.given({created<v1::Contact>("ada", R"(email: "ada@x.test" email_key: "ada@x.test")")});
  scene.given({deleted<v1::Contact>("ada")});
  const auto imported = import_file(scene, ImportKind::kContacts, "email\nada@x.test\n");
  EXPECT_EQ(imported.counts.created, 1U);
  EXPECT_EQ(imported.counts.warnings, 1U);
  EXPECT_EQ(scene.shown<v1::Contact>("ada"), "deleted");
}

TEST(ImportContacts, AnAddressThatOnlyAMergedContactHadIsNoDeletedOne) {
  Scene scene = scene_with_import();
  scene.given({created<v1::Contact>(
      "ada", R"(email: "ada@x.test" email_key: "ada@x.test" merged_into: @bo meta { deleted_at: 1 })")});
  const auto imported = import_file(scene, ImportKind::kContacts, "email\nada@x.test\n");
  EXPECT_EQ(imported.counts.created, 1U);
  EXPECT_EQ(imported.counts.warnings, 0U);
}

TEST(ImportContacts, AnAddressDeletedAndRestoredIsItsContactsAgain) {
  Scene scene = scene_with_import();
  scene.given({created<v1::Contact>("ada", R"(email: "ada@x.test" email_key: "ada@x.test")")});
  scene.given({deleted<v1::Contact>("ada")});
  scene.given({restored<v1::Contact>("ada")});
  const auto imported = import_file(scene, ImportKind::kContacts, "email,phone\nada@x.test,1\n");
  EXPECT_EQ(imported.counts.updated, 1U);
  EXPECT_EQ(imported.counts.warnings, 0U);
}

TEST(ImportContacts, BadRowsAreSkippedWithTheirReasons) {
  Scene scene = scene_with_import();
  const auto imported = import_file(
      scene, ImportKind::kContacts,
      "email,status,birth month,birth day\nnobody,,,\na@x.test,UNHEARD,,\nb@x.test,,2,30\n,,,\nc@x.test,active,2,29\n");
  EXPECT_EQ(imported.counts.created, 1U);
  EXPECT_EQ(imported.counts.skipped, 4U);
  ASSERT_EQ(imported.remarks.errors_size(), 4);
  EXPECT_EQ(imported.remarks.errors(0).row(), 2);
  EXPECT_EQ(imported.remarks.errors(0).column(), "email");
  EXPECT_EQ(imported.remarks.errors(0).code(), "invalid_email");
  EXPECT_EQ(imported.remarks.errors(1).column(), "status");
  EXPECT_EQ(imported.remarks.errors(2).column(), "birth_day");
}

TEST(ImportContacts, ABirthdayIsADateOfWhichMonthAndDayAreKept) {
  Scene scene = scene_with_import();
  const auto imported =
      import_file(scene, ImportKind::kContacts,
                  "email,Birthday\na@x.test,1984-02-29\nb@x.test,\nc@x.test,never\nd@x.test,1990-12-31\n");
  EXPECT_EQ(imported.counts.created, 3U);
  ASSERT_EQ(imported.remarks.errors_size(), 1);
  EXPECT_EQ(imported.remarks.errors(0).column(), "birthday");
  EXPECT_EQ(contact_at(scene, "a@x.test").birth_month(), 2);
  EXPECT_EQ(contact_at(scene, "a@x.test").birth_day(), 29);
  EXPECT_FALSE(contact_at(scene, "b@x.test").has_birth_day());
}

TEST(ImportContacts, AnUnknownOwnerLeavesTheContactUnassigned) {
  Scene scene = scene_with_import();
  const auto imported = import_file(scene, ImportKind::kContacts,
                                    "email,owner\na@x.test,Boss\nb@x.test,Nobody\nc@x.test,boss@shop.example\n");
  EXPECT_EQ(imported.counts.warnings, 1U);
  EXPECT_EQ(contact_at(scene, "a@x.test").owner_id(), id("boss").view());
  EXPECT_FALSE(contact_at(scene, "b@x.test").has_owner_id());
  EXPECT_EQ(contact_at(scene, "c@x.test").owner_id(), id("boss").view());
}

TEST(ImportContacts, MarksThemSubscribedWithItsProofAndKeepsWhatTheySaidBefore) {
  Scene scene = scene_with_import();
  scene.given({created<v1::Contact>("in", R"(email: "in@x.test" email_key: "in@x.test" is_subscribed: true
                                             opt_in_at: 5 opt_in_source: "form 7")"),
               created<v1::Contact>("out", R"(email: "out@x.test" email_key: "out@x.test" unsubscribed_at: 6)")});
  ImportOptions subscribing;
  subscribing.mark_subscribed = true;
  const auto imported =
      import_file(scene, ImportKind::kContacts, "email\nnew@x.test\nin@x.test\nout@x.test\n", subscribing);
  EXPECT_TRUE(contact_at(scene, "new@x.test").is_subscribed());
  EXPECT_EQ(contact_at(scene, "new@x.test").opt_in_source(), "CSV Import");
  EXPECT_GT(contact_at(scene, "new@x.test").opt_in_at(), 0);
  EXPECT_EQ(contact_at(scene, "in@x.test").opt_in_source(), "form 7");
  EXPECT_EQ(contact_at(scene, "in@x.test").opt_in_at(), 5);
  EXPECT_FALSE(contact_at(scene, "out@x.test").is_subscribed());
  EXPECT_EQ(imported.counts.warnings, 1U);
  EXPECT_EQ(imported.remarks.warnings(0).code(), "suppressed");
}

TEST(ImportContacts, EachNewOneIsHeldAgainstTheLimitOfThePlan) {
  Scene scene = scene_with_import();
  model::Patch limit;
  v1::Workspace plan;
  plan.mutable_limits()->set_crm_contacts(1);
  limit.set = plan.SerializeAsString();
  scene.done([&](const View& view, const Context& context) { return set_plan(limit, view, context); });
  const auto imported = import_file(scene, ImportKind::kContacts, "email,phone\na@x.test,1\nb@x.test,2\nA@x.test,3\n");
  EXPECT_EQ(imported.counts.created, 1U);
  EXPECT_EQ(imported.counts.updated, 1U);
  EXPECT_EQ(imported.counts.skipped, 1U);
  EXPECT_EQ(imported.remarks.errors(0).code(), "limit_reached");
}

TEST(ImportContacts, CompaniesAreLinkedOnlyWhenAsked) {
  Scene scene = scene_with_import();
  ImportOptions matching;
  matching.match_company = true;
  import_file(scene, ImportKind::kContacts, "email,company\na@x.test,Acme\n");
  import_file(scene, ImportKind::kContacts, "email,company\nb@x.test,Acme\n", matching);
  EXPECT_FALSE(contact_at(scene, "a@x.test").has_company_id());
  EXPECT_EQ(contact_at(scene, "a@x.test").company_name(), "Acme");
  EXPECT_TRUE(contact_at(scene, "b@x.test").has_company_id());
}

TEST(ImportDeals, TakesStagesByKeyLabelAndValues) {
  Scene scene = scene_with_import();
  ImportOptions options;
  options.values["stage"] = {{"Engaging", "negotiation"}};
  const auto imported = import_file(
      scene, ImportKind::kDeals, "title,value,stage\nA,1,won\nB,2.50,Proposal\nC,3,engaging\nD,4,Nowhere\n", options);
  EXPECT_EQ(imported.counts.created, 3U);
  EXPECT_EQ(imported.counts.skipped, 1U);
  const auto deals = deals_of(scene);
  ASSERT_EQ(deals.size(), 3U);
  EXPECT_EQ(deals[0].stage(), "won");
  EXPECT_EQ(deals[1].value(), 250);
  EXPECT_EQ(deals[2].stage(), "negotiation");
  EXPECT_EQ(imported.remarks.errors(0).column(), "stage");
}

TEST(ImportDeals, WinsWithoutAMail) {
  Scene scene = scene_with_import();
  const auto imported = import_file(scene, ImportKind::kDeals, "title,value,stage,owner\nA,1,won,Boss\n");
  std::vector<std::string> names;
  for (const Event& event : imported.events) names.push_back(event.name);
  EXPECT_EQ(names, (std::vector<std::string>{"deal.created", "deal.won", "import.committed"}));
  EXPECT_EQ(parse<v1::DealWon>(imported.events[1].data).cause(), v1::STAGE_CAUSE_IMPORT);
}

TEST(ImportDeals, ValuesAreExactInTheirCurrency) {
  Scene scene = scene_with_import();
  const auto imported = import_file(
      scene, ImportKind::kDeals,
      "title,value,currency,stage\nA,\"1,234.50\",EUR,lead\nB,1200,JPY,lead\nC,7.505,EUR,lead\nD,1.500,KWD,lead\n");
  const auto deals = deals_of(scene);
  ASSERT_EQ(deals.size(), 3U);
  EXPECT_EQ(deals[0].value(), 123'450);
  EXPECT_EQ(deals[1].value(), 1200);
  EXPECT_EQ(deals[2].value(), 1500);
  ASSERT_EQ(imported.remarks.errors_size(), 1);
  EXPECT_EQ(imported.remarks.errors(0).row(), 4);
}

TEST(ImportDeals, LinksAKnownAddressAndWarnsOfAnUnknownOne) {
  Scene scene = scene_with_import();
  scene.given({created<v1::Contact>("ada", R"(email: "ada@x.test" email_key: "ada@x.test")")});
  const auto imported =
      import_file(scene, ImportKind::kDeals, "title,value,stage,email\nA,1,lead,Ada@x.test\nB,1,lead,who@x.test\n");
  const auto deals = deals_of(scene);
  ASSERT_EQ(deals.size(), 2U);
  EXPECT_EQ(deals[0].contact_id(), id("ada").view());
  EXPECT_FALSE(deals[1].has_contact_id());
  EXPECT_EQ(imported.counts.warnings, 1U);
}

TEST(ImportDeals, ClosedDealsKeepTheirOwnDate) {
  Scene scene = scene_with_import();
  import_file(scene, ImportKind::kDeals, "title,value,stage,closed_at\nA,1,won,2017-03-01\n");
  ASSERT_EQ(deals_of(scene).size(), 1U);
  EXPECT_EQ(deals_of(scene)[0].closed_at(), 1'488'326'400'000'000);
}

TEST(ImportRecord, RunsOnceAndOneAtATime) {
  Scene scene;
  scene.given({created<v1::Import>("file", "kind: KIND_DEALS state: STATE_UPLOADED"),
               created<v1::Import>("other", "kind: KIND_DEALS state: STATE_UPLOADED")});
  scene.when([](const View& view, const Context&) { return start_import(id("file"), view); })
      .then({fact<v1::ImportStarted>("file")});
  scene.given({fact<v1::ImportStarted>("file")});
  scene.when([](const View& view, const Context&) { return start_import(id("file"), view); })
      .then_rejected("import_state");
  scene.when([](const View& view, const Context&) { return start_import(id("other"), view); })
      .then_rejected("import_state");
  scene.when([](const View& view, const Context&) { return fail_import(id("file"), "power cut", view); })
      .then({fact<v1::ImportFailed>("file", R"(failure: "power cut")")})
      .and_again_nothing();
}

TEST(ImportRecord, IsCancelledBeforeItStarts) {
  Scene scene;
  scene.given({created<v1::Import>("file", "kind: KIND_DEALS state: STATE_UPLOADED")});
  scene.when([](const View& view, const Context&) { return cancel_import(id("file"), view); })
      .then({fact<v1::ImportCancelled>("file")})
      .and_again_nothing();
}

}  // namespace
}  // namespace daybook::domain
