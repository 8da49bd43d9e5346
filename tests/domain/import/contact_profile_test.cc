#include "domain/import/contact_profile.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace daybook::domain {
namespace {

using Profiles = std::vector<ImportProfile>;
using enum ImportProfile;

std::vector<std::string> pointers(const IdentityParts& columns, ImportProfile profile) {
  std::vector<std::string> found;
  for (const ImportProblem& problem : missing_for_profile(columns, profile, "")) found.push_back(problem.pointer);
  return found;
}

TEST(ContactProfile, ServesWhatTheColumnsAllow) {
  EXPECT_EQ(profiles_served({.email = true}), (Profiles{kEmail}));
  EXPECT_EQ(profiles_served({.name = true}), (Profiles{kNames}));
  EXPECT_EQ(profiles_served({.first_name = true, .last_name = true}), (Profiles{kNames}));
  EXPECT_EQ(profiles_served({.name = true, .email = true}), (Profiles{kNameAndEmail, kNames, kEmail}));
  EXPECT_EQ(profiles_served({.first_name = true, .email = true}), (Profiles{kNameAndEmail, kEmail}));
  EXPECT_EQ(profiles_served({.first_name = true}), Profiles{});
}

TEST(ContactProfile, NamesWhatAProfileMisses) {
  EXPECT_EQ(pointers({.first_name = true}, kAuto), (std::vector<std::string>{"/columns/email"}));
  EXPECT_EQ(pointers({.name = true}, kEmail), (std::vector<std::string>{"/columns/email"}));
  EXPECT_EQ(pointers({.email = true}, kNames), (std::vector<std::string>{"/columns/first_name", "/columns/last_name"}));
  EXPECT_EQ(pointers({}, kNameAndEmail), (std::vector<std::string>{"/columns/email", "/columns/name"}));
}

TEST(ContactProfile, MissesNothingWhenServed) {
  EXPECT_TRUE(pointers({.email = true}, kAuto).empty());
  EXPECT_TRUE(pointers({.name = true}, kNames).empty());
}

TEST(ContactProfile, AcceptsARowThatServesOneOfTheProfiles) {
  EXPECT_TRUE(row_serves({.first_name = true, .last_name = true}, {kNames, kEmail}));
  EXPECT_TRUE(row_serves({.email = true}, {kNames, kEmail}));
}

TEST(ContactProfile, RefusesARowThatServesNone) {
  EXPECT_FALSE(row_serves({.first_name = true}, {kNameAndEmail, kNames, kEmail}));
  EXPECT_FALSE(row_serves({.first_name = true, .email = true}, {kNames}));
  EXPECT_FALSE(row_serves({.email = true}, {kNameAndEmail}));
}

TEST(ImportOptionNames, AreReadAndWritten) {
  EXPECT_EQ(import_profile_named("names"), kNames);
  EXPECT_EQ(import_profile_named("nobody"), std::nullopt);
  EXPECT_EQ(name_of(kNameAndEmail), "name_and_email");
  EXPECT_EQ(date_order_named("month_first"), DateOrder::kMonthFirst);
  EXPECT_EQ(name_of(DateOrder::kDayFirst), "day_first");
  EXPECT_EQ(number_format_named("comma"), NumberFormat::kComma);
  EXPECT_EQ(name_of(NumberFormat::kPoint), "point");
}

}  // namespace
}  // namespace daybook::domain
