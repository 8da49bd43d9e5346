#include "api/list_parameters.h"

#include <gtest/gtest.h>

#include "daybook/v1/company.pb.h"
#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "daybook/v1/workspace.pb.h"
#include "model/row_key.h"

namespace daybook::api {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;
using projections::ListColumn;

const std::string kOwner = "01890a5d-ac96-774b-bcce-b302099a8057";
constexpr std::int64_t kJanuary31 = 1'769'817'600'000'000;  // 2026-01-31T00:00:00Z
constexpr std::int64_t kDay = 86'400'000'000;

model::Uuid id_of(std::uint8_t number) {
  model::Uuid id;
  id.bytes.fill(number);
  return id;
}

// A workspace with the tag VIP (7) and the pipeline 8.
class ListParametersTest : public testing::Test {
 protected:
  ListParametersTest() : view_(rows_, {}) {
    domain::Store store(rows_, {}, {});
    v1::Tag tag;
    tag.set_name("VIP");
    tag.set_name_key("vip");
    store.put(id_of(7), tag);
    store.put(id_of(8), v1::Pipeline());
  }

  template <typename T>
  ListParameters parsed(const Pairs& parameters, const ListOffer& offer = {}) {
    auto read = parse_list_parameters(domain::kind_of<T>(), parameters, view_, offer);
    if (read) return *read;
    ADD_FAILURE() << read.error().front().detail;
    return {};
  }
  template <typename T = v1::Contact>
  std::vector<ParameterProblem> problems(const Pairs& parameters, const ListOffer& offer = {}) {
    auto read = parse_list_parameters(domain::kind_of<T>(), parameters, view_, offer);
    return read ? std::vector<ParameterProblem>{} : read.error();
  }
  template <typename T = v1::Contact>
  std::string problem(const std::string& name, const std::string& value) {
    const auto found = problems<T>({{name, value}});
    return found.empty() ? "" : found.front().code + ": " + found.front().detail;
  }

  domain::MemoryRows rows_;
  domain::View view_;
};

TEST_F(ListParametersTest, OfAnEmptyQueryAreTheFirstFiftyByCreation) {
  const auto list = parsed<v1::Contact>({});
  EXPECT_EQ(list.request.limit, 50U);
  EXPECT_EQ(list.request.sort, ListColumn{});
  EXPECT_FALSE(list.request.descending);
  EXPECT_FALSE(list.cursor);
}

TEST_F(ListParametersTest, ReadOptionsByNameAndCommasAsOr) {
  const auto list = parsed<v1::Contact>({{"type", "customer,Partner"}});
  ASSERT_EQ(list.request.values.size(), 1U);
  ASSERT_EQ(list.request.values[0].values.size(), 2U);
  EXPECT_EQ(list.request.values[0].values[0].integer, v1::Contact::TYPE_CUSTOMER);
  EXPECT_EQ(list.request.values[0].values[1].integer, v1::Contact::TYPE_PARTNER);
}

TEST_F(ListParametersTest, FoldTheCaseOfAStatus) {
  EXPECT_EQ(parsed<v1::Contact>({{"status", "LEAD"}}).request.values.at(0).values.at(0).bytes, "lead");
}

TEST_F(ListParametersTest, ReadAnOwnerOrNone) {
  const auto filter = parsed<v1::Contact>({{"owner_id", kOwner + ",none"}}).request.values.at(0);
  EXPECT_TRUE(filter.or_unset);
  ASSERT_EQ(filter.values.size(), 1U);
  EXPECT_EQ(filter.values[0].bytes, model::Uuid::parse(kOwner)->view());
}

TEST_F(ListParametersTest, FindATagByItsNameInAnyCase) {
  EXPECT_EQ(parsed<v1::Contact>({{"tag", "vip"}}).request.values.at(0).values.at(0).bytes, id_of(7).view());
}

TEST_F(ListParametersTest, MatchNothingForAnUnknownTag) {
  const auto filter = parsed<v1::Contact>({{"tag", "nobody"}}).request.values.at(0);
  EXPECT_TRUE(filter.values.empty());
  EXPECT_FALSE(filter.or_unset);
}

TEST_F(ListParametersTest, TakeUnsetForNotSubscribed) {
  EXPECT_TRUE(parsed<v1::Contact>({{"is_subscribed", "false"}}).request.values.at(0).or_unset);
  EXPECT_FALSE(parsed<v1::Contact>({{"is_subscribed", "true"}}).request.values.at(0).or_unset);
}

TEST_F(ListParametersTest, ReadPresence) {
  EXPECT_FALSE(parsed<v1::Contact>({{"has_email", "false"}}).request.presences.at(0).present);
}

TEST_F(ListParametersTest, ReadTheDefaultPipeline) {
  EXPECT_EQ(parsed<v1::Deal>({{"pipeline", "default"}}).request.values.at(0).values.at(0).bytes, id_of(8).view());
}

TEST_F(ListParametersTest, ReadTheFiltersOfDeals) {
  const auto list =
      parsed<v1::Deal>({{"stage", "won"}, {"kind", "open,won"}, {"currency", "eur"}, {"contact_id", kOwner}});
  ASSERT_EQ(list.request.values.size(), 4U);
  EXPECT_EQ(list.request.values[0].values[0].bytes, "won");
  EXPECT_EQ(list.request.values[2].values[0].bytes, "EUR");
}

TEST_F(ListParametersTest, TakeADateForTheWholeDay) {
  const auto bounds = [&](const std::string& operation) {
    return parsed<v1::Contact>({{"created_at[" + operation + "]", "2026-01-31"}}).request.ranges.at(0);
  };
  EXPECT_EQ(bounds("gte").least->integer, kJanuary31);
  EXPECT_EQ(bounds("gt").least->integer, kJanuary31 + kDay);
  EXPECT_EQ(bounds("lt").most->integer, kJanuary31 - 1);
  EXPECT_EQ(bounds("lte").most->integer, kJanuary31 + kDay - 1);
}

TEST_F(ListParametersTest, TakeATimeForItself) {
  const auto range = parsed<v1::Contact>({{"updated_at[gt]", "2026-01-31T01:00:00+01:00"}}).request.ranges.at(0);
  EXPECT_EQ(range.least->integer, kJanuary31 + 1);
  EXPECT_FALSE(range.most);
  EXPECT_EQ(range.column.of, ListColumn::Of::kUpdatedAt);
}

TEST_F(ListParametersTest, ReadMoneyWithTheDigitsOfItsCurrency) {
  const auto least = [&](const Pairs& query) { return parsed<v1::Deal>(query).request.ranges.at(0).least->integer; };
  EXPECT_EQ(least({{"value[gte]", "12.5"}}), 1250);
  EXPECT_EQ(least({{"value[gte]", "1000"}, {"currency", "JPY"}}), 1000);
}

TEST_F(ListParametersTest, ReadBoundsOfADate) {
  const auto list =
      parsed<v1::Deal>({{"expected_close_date[gt]", "2026-01-31"}, {"expected_close_date[lt]", "2026-03-01"}});
  EXPECT_GT(list.request.ranges.at(0).least->bytes, "2026-01-31");
  EXPECT_LT(list.request.ranges.at(0).least->bytes, "2026-02-01");
  EXPECT_EQ(list.request.ranges.at(1).most->bytes, "2026-02-28");
}

TEST_F(ListParametersTest, ReadNoCloseDate) {
  EXPECT_FALSE(parsed<v1::Deal>({{"expected_close_date", "none"}}).request.presences.at(0).present);
}

TEST_F(ListParametersTest, ReadTheSortOfEachKind) {
  EXPECT_EQ(parsed<v1::Contact>({{"sort", "-name"}}).request.sort.field->name, "sort_name");
  EXPECT_TRUE(parsed<v1::Contact>({{"sort", "-name"}}).request.descending);
  EXPECT_EQ(parsed<v1::Company>({{"sort", "name"}}).request.sort.field->name, "name_key");
  EXPECT_EQ(parsed<v1::Deal>({{"sort", "expected_close_date"}}).request.sort.field->name, "expected_close_date");
  EXPECT_EQ(problem("sort", "value"),
            "invalid_parameter: sort must be one of created_at, updated_at, name, with - before it for descending.");
}

TEST_F(ListParametersTest, SplitQIntoWords) {
  EXPECT_EQ(parsed<v1::Contact>({{"q", "José  SMI"}}).request.words, (std::vector<std::string>{"jose", "smi"}));
}

TEST_F(ListParametersTest, SelectFields) {
  const auto list = parsed<v1::Contact>({{"fields", "id,email,deal_count"}}, {{}, {"deal_count"}, {}});
  ASSERT_TRUE(list.selection);
  EXPECT_EQ(list.selection->fields, 1ULL << v1::Contact::kEmailFieldNumber);
  EXPECT_EQ(list.extra_fields, std::vector<std::string>{"deal_count"});
  EXPECT_EQ(problem("fields", "email_key"), "invalid_parameter: A contact has no field \"email_key\".");
}

TEST_F(ListParametersTest, ExpandOnlyWhatIsOffered) {
  EXPECT_EQ(parsed<v1::Contact>({{"expand", "company"}}, {{"company"}, {}, {}}).expand.at(0), "company");
  EXPECT_EQ(problems({{"expand", "deals"}}, {{"company"}, {}, {}}).at(0).detail,
            "\"deals\" cannot be expanded here; company can.");
}

TEST_F(ListParametersTest, LeaveTheRoutesOwnNamesAlone) {
  parsed<v1::Contact>({{"min_position", "57"}}, {{}, {}, {"min_position"}});
}

TEST_F(ListParametersTest, NameTheNearestOfAnUnknownName) {
  const std::string found = problem("ownerid", "x");
  EXPECT_TRUE(
      found.starts_with("unknown_parameter: There is no parameter ownerid here; did you mean owner_id? There are "))
      << found;
}

TEST_F(ListParametersTest, RefuseNamesOfOtherKinds) {
  EXPECT_TRUE(problem<v1::Contact>("stage", "won").starts_with("unknown_parameter"));
  EXPECT_TRUE(problem<v1::Deal>("tag", "vip").starts_with("unknown_parameter"));
  EXPECT_TRUE(problem<v1::Contact>("email_key", "a@b.c").starts_with("unknown_parameter"));
  EXPECT_TRUE(problem<v1::Company>("name_key", "acme").starts_with("unknown_parameter"));
  EXPECT_TRUE(problem<v1::Pipeline>("q", "sales").starts_with("unknown_parameter"));
}

TEST_F(ListParametersTest, RefuseBadValues) {
  EXPECT_EQ(problem("limit", "0"), "invalid_parameter: limit must be from 1 to 500.");
  EXPECT_EQ(problem("limit", "501"), "invalid_parameter: limit must be from 1 to 500.");
  EXPECT_EQ(problem("limit", "5x"), "invalid_parameter: limit must be from 1 to 500.");
  EXPECT_EQ(problem("total", "yes"), "invalid_parameter: total must be true or false.");
  EXPECT_EQ(problem("type", "customers"),
            "invalid_parameter: type must be one of customer, contractor, vendor, partner, other.");
  EXPECT_NE(problem("owner_id", "me"), "");
  EXPECT_NE(problem("type", "customer,"), "");
  EXPECT_NE(problem("status", ""), "");
  EXPECT_NE(problem("created_at[gte]", "2026-02-30"), "");
  EXPECT_NE(problem("created_at[ge]", "2026-02-01"), "");
  EXPECT_NE(problem("created_at", "none"), "");
  EXPECT_TRUE(problem("type[gte]", "customer").starts_with("unknown_parameter"));
  EXPECT_NE(problem("cursor", ""), "");
  EXPECT_NE(problem<v1::Deal>("value[gte]", "ten"), "");
}

TEST_F(ListParametersTest, RefuseANameGivenTwice) {
  EXPECT_EQ(problems({{"type", "vendor"}, {"type", "partner"}}).at(0).detail,
            "type is given twice; join several values with commas.");
}

TEST_F(ListParametersTest, NameEveryProblemAtOnce) {
  const auto found = problems({{"limit", "0"}, {"colour", "red"}, {"total", "1"}});
  ASSERT_EQ(found.size(), 3U);
  const auto rejection = rejection_of(found);
  EXPECT_EQ(rejection.code, "invalid_parameter");
  EXPECT_EQ(rejection.errors.size(), 3U);
  EXPECT_EQ(rejection.errors[1].pointer, "colour");
}

}  // namespace
}  // namespace daybook::api
