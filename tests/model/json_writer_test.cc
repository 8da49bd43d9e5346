#include "model/json_writer.h"

#include <gmock/gmock.h>

#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "daybook/v1/workspace.pb.h"
#include "model/json_output.h"

namespace daybook::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const Uuid kId = *Uuid::parse("01890a5d-ac96-774b-bcce-b302099a8057");

std::string record_json(std::string_view kind, const google::protobuf::Message& record,
                        const WriteOptions& options = {}) {
  std::string out;
  write_record(out, *schema().kind(kind), kId, record.SerializeAsString(), options);
  return out;
}

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonWriter, ShowsEveryFieldOfAnEmptyRecordAsNull) {
  EXPECT_EQ(record_json("tag", v1::Tag()),
            R"({"id":"01890a5d-ac96-774b-bcce-b302099a8057","name":null,"created_at":null,"updated_at":null,)"
            R"("created_by":null,"updated_by":null,"version":null,"deleted_at":null,"deleted_with":null})");
}

TEST(JsonWriter, FlattensTheSystemColumns) {
  v1::Tag tag;
  tag.set_name("vip");
  v1::Meta& meta = *tag.mutable_meta();
  meta.set_created_at(0);
  meta.set_updated_at(1500);
  meta.mutable_created_by()->set_kind(v1::Actor::KIND_API_KEY);
  meta.mutable_created_by()->set_id(std::string(kId.view()));
  meta.set_version(3);
  meta.set_command(std::string(kId.view()));
  EXPECT_EQ(record_json("tag", tag),
            R"({"id":"01890a5d-ac96-774b-bcce-b302099a8057","name":"vip","created_at":"1970-01-01T00:00:00Z",)"
            R"("updated_at":"1970-01-01T00:00:00.001500Z",)"
            R"("created_by":{"kind":"api_key","id":"01890a5d-ac96-774b-bcce-b302099a8057"},)"
            R"("updated_by":null,"version":3,"deleted_at":null,"deleted_with":null})");
}

TEST(JsonWriter, WritesMoneyWithItsCurrencysDigits) {
  v1::Deal deal;
  deal.set_value(1250000);
  deal.set_currency("EUR");
  EXPECT_THAT(record_json("deal", deal), HasSubstr(R"("value":"12500.00","currency":"EUR")"));
  deal.set_currency("JPY");
  EXPECT_THAT(record_json("deal", deal), HasSubstr(R"("value":"1250000","currency":"JPY")"));
}

TEST(JsonWriter, FallsBackToTheGivenCurrency) {
  v1::Deal deal;
  deal.set_value(1250000);
  EXPECT_THAT(record_json("deal", deal, {.currency = "KWD"}), HasSubstr(R"("value":"1250.000")"));
}

TEST(JsonWriter, LeavesOutInternalAndSecretFields) {
  v1::Contact contact;
  contact.set_email_key("jane@example.com");
  EXPECT_THAT(record_json("contact", contact), Not(HasSubstr("email_key")));
  v1::ApiKey key;
  key.set_secret_hash("hash");
  EXPECT_THAT(record_json("api_key", key), Not(HasSubstr("secret_hash")));
}

TEST(JsonWriter, WritesListsAndObjects) {
  v1::Workspace workspace;
  workspace.mutable_settings()->add_contact_statuses("LEAD");
  workspace.mutable_settings()->add_contact_statuses("ACTIVE");
  workspace.mutable_settings()->set_crm_access(v1::Settings::CRM_ACCESS_ADMINS);
  EXPECT_THAT(record_json("workspace", workspace),
              HasSubstr(R"("settings":{"contact_identity":null,"crm_access":"admins",)"
                        R"("contact_statuses":["LEAD","ACTIVE"],"company_autocreate":null},"entitlements":[])"));
}

TEST(JsonWriter, WritesListsOfObjects) {
  v1::Pipeline pipeline;
  v1::Stage& stage = *pipeline.add_stages();
  stage.set_key("won");
  stage.set_kind(v1::Stage::KIND_WON);
  stage.set_archived(true);
  EXPECT_THAT(record_json("pipeline", pipeline),
              HasSubstr(R"("stages":[{"key":"won","label":null,"kind":"won","probability":null,"archived":true}])"));
}

TEST(JsonWriter, WritesNegativeNumbers) {
  v1::Stage stage;
  stage.set_probability(-5);
  std::string out;
  write_message(out, *schema().message("daybook.v1.Stage"), stage.SerializeAsString());
  EXPECT_THAT(out, HasSubstr(R"("probability":-5)"));
}

TEST(JsonWriter, TakesTheLastOfAFieldThatStandsTwice) {
  v1::Tag first;
  first.set_name("old");
  v1::Tag second;
  second.set_name("new");
  std::string out;
  write_record(out, *schema().kind("tag"), kId, first.SerializeAsString() + second.SerializeAsString());
  EXPECT_THAT(out, HasSubstr(R"("name":"new")"));
}

TEST(JsonWriter, ShowsAnOptionOfALaterModelAsNull) {
  std::string out;
  write_message(out, *schema().message("daybook.v1.Stage"), "\x18\x63");
  EXPECT_THAT(out, HasSubstr(R"("kind":null)"));
}

TEST(JsonWriter, ReplacesSingleValues) {
  v1::Contact contact;
  contact.set_company_name("Acme");
  const Replacement replacement{13, R"("Acme Holding")"};
  const std::string json = record_json("contact", contact, {.replacements = {&replacement, 1}});
  EXPECT_THAT(json, HasSubstr(R"("company_name":"Acme Holding")"));
}

TEST(JsonWriter, AppendsExtraMembers) {
  const ExtraMember extra{"deal_count", "2"};
  EXPECT_THAT(record_json("tag", v1::Tag(), {.extra = {&extra, 1}}),
              HasSubstr(R"("deleted_with":null,"deal_count":2})"));
}

TEST(JsonWriter, ShowsTheSelectedFieldsAndTheId) {
  const std::vector<std::string_view> names = {"id", "name", "version", "tags", "name_key", "meta"};
  std::vector<std::string_view> unknown;
  const Selection selection = select_fields(*schema().kind("tag"), names, unknown);
  EXPECT_EQ(record_json("tag", v1::Tag(), {.selection = selection}),
            R"({"id":"01890a5d-ac96-774b-bcce-b302099a8057","name":null,"version":null})");
  EXPECT_THAT(unknown, ElementsAre("tags", "name_key", "meta"));
}

TEST(JsonWriter, AppendsBehindWhatIsThere) {
  std::string out = R"({"data":[)";
  write_message(out, *schema().message("daybook.v1.ApiKeyRevoked"), "");
  EXPECT_EQ(out, R"({"data":[{})");
}

TEST(JsonString, EscapesWhatMustBe) {
  EXPECT_EQ(quoted("a\"b\\c\n\t\r\b\f\x01\x1f/\x7f"), "\"a\\\"b\\\\c\\n\\t\\r\\b\\f\\u0001\\u001f/\x7f\"");
}
TEST(JsonString, EscapesAtEveryPlaceOfALongText) {
  EXPECT_EQ(quoted("0123456\"8901234\\67890123\n"), R"("0123456\"8901234\\67890123\n")");
}
TEST(JsonString, LeavesUnicodeAsItIs) { EXPECT_EQ(quoted("Grüße €😀\u2028"), "\"Grüße €😀\u2028\""); }

TEST(JsonOutput, WritesBinaryAsBase64) {
  std::string out;
  JsonOutput(out).base64(std::string_view("\xfb\xff\0a", 4));
  EXPECT_EQ(out, R"("+/8AYQ==")");
}

}  // namespace
}  // namespace daybook::model
