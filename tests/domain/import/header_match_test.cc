#include "domain/import/header_match.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace daybook::domain {
namespace {

using Mapped = std::vector<MappedColumn>;
using Unmapped = std::vector<UnmappedColumn>;

HeaderMatch match(ImportKind kind, const std::vector<std::string>& headers, const FieldTexts& columns = {}) {
  return match_headers(kind, headers, columns).value();
}

std::string contact_field(std::string_view header) {
  const ImportField* field = field_of_header(ImportKind::kContacts, header);
  return field == nullptr ? "" : std::string(field->name);
}

std::string deal_field(std::string_view header) {
  const ImportField* field = field_of_header(ImportKind::kDeals, header);
  return field == nullptr ? "" : std::string(field->name);
}

TEST(HeaderMatch, IgnoresCaseSpacesUnderscoresAndHyphens) {
  EXPECT_EQ(contact_field("FIRST_NAME"), "first_name");
  EXPECT_EQ(contact_field(" First-Name "), "first_name");
  EXPECT_EQ(contact_field("firstname"), "first_name");
  EXPECT_EQ(contact_field("E-Mail"), "email");
  EXPECT_EQ(contact_field("Last\xC2\xA0Name"), "last_name");
}

TEST(HeaderMatch, KnowsAliasesOfContacts) {
  EXPECT_EQ(contact_field("Given Name"), "first_name");
  EXPECT_EQ(contact_field("Surname"), "last_name");
  EXPECT_EQ(contact_field("telephone"), "phone");
  EXPECT_EQ(contact_field("Mobile"), "phone");
  EXPECT_EQ(contact_field("organisation"), "company");
  EXPECT_EQ(contact_field("Account"), "company");
  EXPECT_EQ(contact_field("Company Name"), "company");
  EXPECT_EQ(contact_field("jobtitle"), "job_title");
  EXPECT_EQ(contact_field("Zip"), "postal_code");
}

TEST(HeaderMatch, TellsABirthdayFromADayOfTheMonth) {
  EXPECT_EQ(contact_field("Birthday"), "birthday");
  EXPECT_EQ(contact_field("Date of Birth"), "birthday");
  EXPECT_EQ(contact_field("Birth Day"), "birth_day");
  EXPECT_EQ(contact_field("birth_day"), "birth_day");
}

TEST(HeaderMatch, KnowsAliasesOfDeals) {
  EXPECT_EQ(deal_field("Opportunity"), "title");
  EXPECT_EQ(deal_field("Deal Name"), "title");
  EXPECT_EQ(deal_field("Amount"), "value");
  EXPECT_EQ(deal_field("Close Date"), "expected_close_date");
}

TEST(HeaderMatch, ReadsTitleByKind) {
  EXPECT_EQ(contact_field("Title"), "job_title");
  EXPECT_EQ(deal_field("Title"), "title");
}

TEST(HeaderMatch, KnowsHeadersOfHubSpotExports) {
  EXPECT_EQ(contact_field("Phone Number"), "phone");
  EXPECT_EQ(contact_field("Contact owner"), "owner");
  EXPECT_EQ(contact_field("Lead Status"), "status");
  EXPECT_EQ(contact_field("State/Region"), "state");
  EXPECT_EQ(deal_field("Deal Stage"), "stage");
  EXPECT_EQ(deal_field("Closed Lost Reason"), "lost_reason");
  EXPECT_EQ(deal_field("Deal owner"), "owner");
}

TEST(HeaderMatch, KnowsHeadersOfPipedriveExports) {
  EXPECT_EQ(contact_field("Person - First name"), "first_name");
  EXPECT_EQ(contact_field("Person - Email - Work"), "email");
  EXPECT_EQ(contact_field("Person - Organization"), "company");
  EXPECT_EQ(deal_field("Deal - Title"), "title");
  EXPECT_EQ(deal_field("Deal - Currency of Value"), "currency");
  EXPECT_EQ(deal_field("Deal - Expected close date"), "expected_close_date");
}

TEST(HeaderMatch, NeverTakesSourceForLeadSource) {
  EXPECT_EQ(contact_field("source"), "");
  EXPECT_EQ(contact_field("Lead Source"), "lead_source");
}

TEST(HeaderMatch, ListsUnmappedColumns) {
  const HeaderMatch found = match(ImportKind::kContacts, {"Index", "Email", "", "Website"});
  EXPECT_EQ(found.mapped, (Mapped{{"email", 1}}));
  EXPECT_EQ(found.unmapped, (Unmapped{{0, "Index", ""}, {2, "", ""}, {3, "Website", ""}}));
}

TEST(HeaderMatch, TakesTheFirstOfTwoColumnsForOneField) {
  const HeaderMatch found = match(ImportKind::kContacts, {"Phone 1", "Phone 2"});
  EXPECT_EQ(found.mapped, (Mapped{{"phone", 0}}));
  EXPECT_EQ(found.unmapped, (Unmapped{{1, "Phone 2", "phone"}}));
}

TEST(HeaderMatch, LetsTheCallerChooseAColumn) {
  const HeaderMatch found = match(ImportKind::kContacts, {"Phone 1", "Phone 2"}, {{"phone", "Phone 2"}});
  EXPECT_EQ(found.mapped, (Mapped{{"phone", 1}}));
  EXPECT_EQ(found.unmapped, (Unmapped{{0, "Phone 1", "phone"}}));
}

TEST(HeaderMatch, PrefersTheHeaderAsItIsWritten) {
  EXPECT_EQ(match(ImportKind::kDeals, {"deal id", "deal_id"}, {{"title", "deal_id"}}).mapped, (Mapped{{"title", 1}}));
  EXPECT_EQ(match(ImportKind::kDeals, {"x", "Deal-ID"}, {{"title", "deal_id"}}).mapped, (Mapped{{"title", 1}}));
}

TEST(HeaderMatch, FillsTwoFieldsFromOneChosenColumn) {
  EXPECT_EQ(match(ImportKind::kDeals, {"id"}, {{"title", "id"}, {"notes", "id"}}).mapped,
            (Mapped{{"title", 0}, {"notes", 0}}));
}

TEST(HeaderMatch, DoesNotMapAChosenColumnAgain) {
  EXPECT_EQ(match(ImportKind::kDeals, {"Amount"}, {{"title", "Amount"}}).mapped, (Mapped{{"title", 0}}));
}

TEST(HeaderMatch, LeavesAFieldOutForAnEmptyHeader) {
  const HeaderMatch found = match(ImportKind::kContacts, {"Email", "Notes"}, {{"notes", ""}});
  EXPECT_EQ(found.mapped, (Mapped{{"email", 0}}));
  EXPECT_EQ(found.unmapped, (Unmapped{{1, "Notes", ""}}));
}

TEST(HeaderMatch, RefusesAHeaderThatIsNotThereAndNamesThoseThatAre) {
  const std::vector<std::string> headers = {"Name", "Amount"};
  const auto found = match_headers(ImportKind::kDeals, headers, {{"title", "Deal"}});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error(), (std::vector<ImportProblem>{
                               {"/columns/title", "not_found", "The file has no such column. Columns: Name, Amount"}}));
}

TEST(HeaderMatch, RefusesAFieldThatDoesNotExist) {
  const std::vector<std::string> headers = {"Name"};
  const auto found = match_headers(ImportKind::kDeals, headers, {{"a/b~c", "Name"}});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().front().pointer, "/columns/a~1b~0c");
  EXPECT_EQ(found.error().front().code, "unknown_field");
}

}  // namespace
}  // namespace daybook::domain
