#include "api/json/command_reader.h"

#include <gmock/gmock.h>

#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "daybook/v1/work.pb.h"
#include "daybook/v1/workspace.pb.h"

namespace daybook::api {
namespace {

using domain::FieldError;
using testing::ElementsAre;

domain::Result<CommandInput> read(std::string_view message, std::string_view body, const ReadOptions& options = {}) {
  return read_object(*model::schema().message("daybook.v1." + std::string(message)), body, options);
}

template <typename T>
T parsed(const std::string& bytes) {
  T message;
  message.ParseFromString(bytes);
  return message;
}

/// "pointer code" of each error.
std::vector<std::string> errors_of(const domain::Result<CommandInput>& result) {
  std::vector<std::string> errors;
  if (result) return errors;
  for (const FieldError& error : result.error().errors) errors.push_back(error.pointer + " " + error.code);
  return errors;
}

std::vector<std::string> errors_of(std::string_view message, std::string_view body, ReadMode mode) {
  return errors_of(read(message, body, {.mode = mode, .currency = "EUR"}));
}

TEST(CommandReader, PartsAnInlinedRecordFromTheCommandsOwnFields) {
  const auto input =
      read("CreateContact", R"({"tags":["vip","old"],"first_name":"Jane"})", {.mode = ReadMode::kCreate});
  ASSERT_TRUE(input);
  EXPECT_EQ(parsed<v1::Contact>(input->record).first_name(), "Jane");
  EXPECT_THAT(parsed<v1::CreateContact>(input->own).tags(), ElementsAre("vip", "old"));
}

TEST(CommandReader, WritesFieldsInAscendingOrderHoweverTheyCome) {
  const auto there = read("Contact", R"({"first_name":"Jane","birth_day":3})", {.mode = ReadMode::kCreate});
  const auto back = read("Contact", R"({"birth_day":3,"first_name":"Jane"})", {.mode = ReadMode::kCreate});
  ASSERT_TRUE(there && back);
  EXPECT_EQ(there->own, back->own);
}

TEST(CommandReader, ClearsOnNullInAnUpdate) {
  const auto input = read("Contact", R"({"phone":null,"city":"","job_title":"CTO"})", {.mode = ReadMode::kUpdate});
  ASSERT_TRUE(input);
  EXPECT_THAT(input->cleared, ElementsAre(6U, 20U));
  EXPECT_EQ(parsed<v1::Contact>(input->own).job_title(), "CTO");
}

TEST(CommandReader, TakesNullAsAbsentInACreate) {
  const auto input = read("Contact", R"({"phone":null,"city":""})", {.mode = ReadMode::kCreate});
  ASSERT_TRUE(input);
  EXPECT_EQ(input->own, "");
  EXPECT_TRUE(input->cleared.empty());
}

TEST(CommandReader, ClearsOnAnEmptyListInAnUpdate) {
  const auto input = read("ApiKey", R"({"scopes":[]})", {.mode = ReadMode::kUpdate});
  ASSERT_TRUE(input);
  EXPECT_THAT(input->cleared, ElementsAre(6U));
}

TEST(CommandReader, NamesAllErrorsAtOnce) {
  EXPECT_THAT(errors_of("Contact", R"({"email":"jane","birth_month":13,"type":"client","first_nam":"J","city":4})",
                        ReadMode::kCreate),
              ElementsAre("/email invalid_email", "/birth_month invalid_value", "/type invalid_value",
                          "/first_nam unknown_field", "/city invalid_value"));
}

TEST(CommandReader, SuggestsTheNearestName) {
  const auto input = read("Contact", R"({"firstName":"Jane"})", {.mode = ReadMode::kCreate});
  ASSERT_FALSE(input);
  EXPECT_EQ(input.error().errors.front().detail, "There is no field of this name; did you mean first_name?");
}

TEST(CommandReader, KnowsNoInternalSecretOrSystemFields) {
  EXPECT_THAT(errors_of("Contact", R"({"email_key":"a","meta":{},"id":"x","version":1})", ReadMode::kUpdate),
              ElementsAre("/email_key unknown_field", "/meta unknown_field", "/id immutable", "/version immutable"));
  EXPECT_THAT(errors_of("ApiKey", R"({"secret_hash":"a"})", ReadMode::kCommand),
              ElementsAre("/secret_hash unknown_field"));
  EXPECT_THAT(errors_of("CreateContact", R"({"record":{}})", ReadMode::kCreate), ElementsAre("/record unknown_field"));
}

TEST(CommandReader, TakesATextOfWhiteSpaceForNone) {
  EXPECT_THAT(errors_of("Company", R"({"name":" \t","x":1})", ReadMode::kCreate),
              ElementsAre("/x unknown_field", "/name required"));
}

TEST(CommandReader, EscapesPointers) {
  EXPECT_THAT(errors_of("Tag", R"({"name":"a","a/b~c":1})", ReadMode::kUpdate), ElementsAre("/a~1b~0c unknown_field"));
}

TEST(CommandReader, EndsTheListOfErrorsAtAHundred) {
  std::string body = "{";
  for (int i = 0; i < 200; ++i) body += (i == 0 ? "\"x" : ",\"x") + std::to_string(i) + "\":1";
  EXPECT_EQ(errors_of("Tag", body + "}", ReadMode::kUpdate).size(), 100U);
}

TEST(CommandReader, RefusesFieldsOfOthersAsImmutable) {
  EXPECT_THAT(errors_of("Contact", R"({"source":"form"})", ReadMode::kUpdate), ElementsAre("/source immutable"));
  EXPECT_THAT(errors_of("Contact", R"({"is_subscribed":true})", ReadMode::kCreate),
              ElementsAre("/is_subscribed immutable"));
  EXPECT_THAT(errors_of("Deal", R"({"kind":"won"})", ReadMode::kCommand), ElementsAre("/kind immutable"));
  EXPECT_THAT(errors_of("Contact", R"({"source":null})", ReadMode::kUpdate), ElementsAre("/source immutable"));
}

TEST(CommandReader, LetsTheCallerNameAnotherRefusal) {
  const ReadOptions options{.mode = ReadMode::kUpdate, .refusal = [](const model::Field& field) {
                              return field.name == "stage" ? std::optional(model::FieldProblem{"use_move", "Use move."})
                                                           : std::nullopt;
                            }};
  EXPECT_THAT(errors_of(read("Deal", R"({"stage":"won","pipeline_id":null})", options)),
              ElementsAre("/stage use_move", "/pipeline_id immutable"));
}

TEST(CommandReader, LetsTheCommandsOwnFieldGoBeforeTheRecords) {
  const auto input = read("CreateDeal", R"({"stage":"won","title":"Fleet"})", {.mode = ReadMode::kCreate});
  ASSERT_TRUE(input);
  EXPECT_EQ(parsed<v1::CreateDeal>(input->own).stage(), "won");
  EXPECT_FALSE(parsed<v1::Deal>(input->record).has_stage());
}

TEST(CommandReader, RequiresTheCommandsOwnFields) {
  EXPECT_THAT(errors_of("MoveDeal", R"({"probability":5})", ReadMode::kCommand), ElementsAre("/stage required"));
  EXPECT_THAT(errors_of("MoveDeal", R"({"stage":""})", ReadMode::kCommand), ElementsAre("/stage required"));
  EXPECT_THAT(errors_of("CreateDeal", R"({"title":"Fleet"})", ReadMode::kCreate), ElementsAre("/stage required"));
}

TEST(CommandReader, LeavesRequiredFieldsOfARecordToItsRules) {
  EXPECT_THAT(errors_of("Tag", "{}", ReadMode::kCreate), ElementsAre());
}

TEST(CommandReader, NamesMissingFieldsOfARefusedRecordToo) {
  EXPECT_THAT(errors_of("CreateDeal", R"({"value":5,"stage":"lead"})", ReadMode::kCreate),
              ElementsAre("/value invalid_value", "/title required"));
}

TEST(CommandReader, ReadsMoneyInTheCurrencyThatComesLater) {
  const auto input =
      read("Deal", R"({"value":"12500","currency":"JPY"})", {.mode = ReadMode::kCreate, .currency = "EUR"});
  ASSERT_TRUE(input);
  EXPECT_EQ(parsed<v1::Deal>(input->own).value(), 12500);
  EXPECT_EQ(parsed<v1::Deal>(input->own).currency(), "JPY");
}

TEST(CommandReader, ReadsMoneyInTheCurrencyOfTheRecord) {
  v1::Deal deal;
  deal.set_currency("KWD");
  const std::string existing = deal.SerializeAsString();
  const auto input =
      read("Deal", R"({"value":"1.500"})", {.mode = ReadMode::kUpdate, .existing = existing, .currency = "EUR"});
  ASSERT_TRUE(input);
  EXPECT_EQ(parsed<v1::Deal>(input->own).value(), 1500);
}

TEST(CommandReader, ReadsMoneyInTheWorkspacesCurrencyOtherwise) {
  const auto input = read("Deal", R"({"value":"12.50"})", {.mode = ReadMode::kCreate, .currency = "EUR"});
  ASSERT_TRUE(input);
  EXPECT_EQ(parsed<v1::Deal>(input->own).value(), 1250);
}

TEST(CommandReader, RefusesMoneyAsANumber) {
  EXPECT_THAT(errors_of("Deal", R"({"value":12500})", ReadMode::kUpdate), ElementsAre("/value invalid_value"));
  EXPECT_THAT(errors_of("Deal", R"({"value":12500.5})", ReadMode::kUpdate), ElementsAre("/value invalid_value"));
}

TEST(CommandReader, RefusesMoneyWithOtherDigits) {
  EXPECT_THAT(errors_of("Deal", R"({"value":"12500"})", ReadMode::kUpdate), ElementsAre("/value invalid_value"));
}

TEST(CommandReader, NamesOnlyTheCurrencyWhereItIsWrong) {
  EXPECT_THAT(errors_of("Deal", R"({"value":"1.00","currency":"EUX"})", ReadMode::kUpdate),
              ElementsAre("/currency invalid_value"));
}

TEST(CommandReader, ReadsWholeNumbersHoweverTheyAreWritten) {
  const auto input = read("Contact", R"({"birth_month":4.0,"birth_day":1e1})", {.mode = ReadMode::kUpdate});
  ASSERT_TRUE(input);
  EXPECT_EQ(parsed<v1::Contact>(input->own).birth_month(), 4);
  EXPECT_EQ(parsed<v1::Contact>(input->own).birth_day(), 10);
}

TEST(CommandReader, RefusesNumbersAndTruthInTexts) {
  EXPECT_THAT(errors_of("Contact", R"({"birth_month":"4"})", ReadMode::kUpdate),
              ElementsAre("/birth_month invalid_value"));
  EXPECT_THAT(errors_of("CreateDeal", R"({"stage":"won","notify":"true"})", ReadMode::kCommand),
              ElementsAre("/notify invalid_value"));
}

TEST(CommandReader, PointsIntoListsOfObjects) {
  EXPECT_THAT(errors_of("Pipeline",
                        R"({"stages":[{"key":"a","label":"A","kind":"open"},{"key":"B","label":"B","kind":"open"},)"
                        R"({"label":"C","kind":"lost","colour":"red"}]})",
                        ReadMode::kCommand),
              ElementsAre("/stages/1/key invalid_value", "/stages/2/colour unknown_field", "/stages/2/key required"));
}

TEST(CommandReader, ReadsListsOfObjects) {
  const auto input = read("Pipeline", R"({"stages":[{"kind":"won","key":"w","label":"Won"}]})", {});
  ASSERT_TRUE(input);
  const auto pipeline = parsed<v1::Pipeline>(input->own);
  ASSERT_EQ(pipeline.stages_size(), 1);
  EXPECT_EQ(pipeline.stages(0).key(), "w");
  EXPECT_EQ(pipeline.stages(0).kind(), v1::Stage::KIND_WON);
}

TEST(CommandReader, MergesANestedObjectInAnUpdate) {
  v1::Workspace workspace;
  workspace.mutable_settings()->set_crm_access(v1::Settings::CRM_ACCESS_ADMINS);
  workspace.mutable_settings()->set_company_autocreate(true);
  const std::string existing = workspace.SerializeAsString();
  const auto input = read("Workspace", R"({"settings":{"contact_identity":"email","company_autocreate":null}})",
                          {.mode = ReadMode::kUpdate, .existing = existing});
  ASSERT_TRUE(input);
  const auto settings = parsed<v1::Workspace>(input->own).settings();
  EXPECT_EQ(settings.contact_identity(), v1::Settings::CONTACT_IDENTITY_EMAIL);
  EXPECT_EQ(settings.crm_access(), v1::Settings::CRM_ACCESS_ADMINS);
  EXPECT_FALSE(settings.has_company_autocreate());
}

TEST(CommandReader, RefusesOtherShapes) {
  EXPECT_THAT(errors_of("Contact", R"({"city":{"a":1},"country":["x"]})", ReadMode::kUpdate),
              ElementsAre("/city invalid_value", "/country invalid_value"));
  EXPECT_THAT(errors_of("Workspace", R"({"settings":"any"})", ReadMode::kUpdate),
              ElementsAre("/settings invalid_value"));
  EXPECT_THAT(errors_of("CreateContact", R"({"tags":"vip"})", ReadMode::kCreate), ElementsAre("/tags invalid_value"));
  EXPECT_THAT(errors_of("CreateContact", R"({"tags":{"a":1}})", ReadMode::kCreate), ElementsAre("/tags invalid_value"));
  EXPECT_THAT(errors_of("CreateContact", R"({"tags":["a",["b"],{"c":[1]},null,"",7]})", ReadMode::kCreate),
              ElementsAre("/tags/1 invalid_value", "/tags/2 invalid_value", "/tags/3 invalid_value",
                          "/tags/4 invalid_value", "/tags/5 invalid_value"));
}

TEST(CommandReader, BoundsLists) {
  std::string tags;
  for (int i = 0; i < 1001; ++i) tags += i == 0 ? "\"a\"" : ",\"a\"";
  EXPECT_THAT(errors_of("CreateContact", "{\"tags\":[" + tags + "]}", ReadMode::kCreate),
              ElementsAre("/tags invalid_value"));
  std::string stages;
  for (int i = 0; i < 101; ++i) stages += i == 0 ? "{}" : ",{}";
  EXPECT_EQ(errors_of("Pipeline", "{\"stages\":[" + stages + "]}", ReadMode::kCommand).size(), 100U);
}

TEST(CommandReader, ReadsEscapesAsTheirCharacters) {
  const auto input = read("Note", R"({"b\u006fdy":"a\"\\\/\n\u00e9\ud83d\ude00b"})", {.mode = ReadMode::kCreate});
  ASSERT_TRUE(input);
  EXPECT_EQ(parsed<v1::Note>(input->own).body(), "a\"\\/\n\u00e9\U0001F600b");
}

}  // namespace
}  // namespace daybook::api
