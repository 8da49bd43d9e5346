#include "domain/import/person_name.h"

#include <gtest/gtest.h>

#include <string>

namespace daybook::domain {
namespace {

TEST(SplitName, SplitsAtTheLastSpace) { EXPECT_EQ(split_name("Jane Ann Smith"), (PersonName{"Jane Ann", "Smith"})); }

TEST(SplitName, UnderstandsTheLastNameFirst) {
  EXPECT_EQ(split_name("Smith, Jane"), (PersonName{"Jane", "Smith"}));
  EXPECT_EQ(split_name("van der Berg,Anna Maria"), (PersonName{"Anna Maria", "van der Berg"}));
}

TEST(SplitName, SqueezesWhiteSpace) {
  EXPECT_EQ(split_name("  Jane \t\n  Smith\xC2\xA0"), (PersonName{"Jane", "Smith"}));
  EXPECT_EQ(split_name("Jane\xC2\xA0Smith"), (PersonName{"Jane", "Smith"}));
  EXPECT_EQ(split_name("Smith  ,   Jane"), (PersonName{"Jane", "Smith"}));
}

TEST(SplitName, TakesOneWordAsTheFirstName) { EXPECT_EQ(split_name("Cher"), (PersonName{"Cher", ""})); }

TEST(SplitName, KeepsSuffixesWithTheLastName) {
  EXPECT_EQ(split_name("Jane Smith, Ph.D."), (PersonName{"Jane", "Smith, Ph.D."}));
  EXPECT_EQ(split_name("John Doe, Jr"), (PersonName{"John", "Doe, Jr"}));
  EXPECT_EQ(split_name("Cher, MBA"), (PersonName{"Cher, MBA", ""}));
}

TEST(SplitName, LeavesOutCommasWithNothingBesideThem) {
  EXPECT_EQ(split_name("Smith,"), (PersonName{"Smith", ""}));
  EXPECT_EQ(split_name(", Jane Smith"), (PersonName{"Jane", "Smith"}));
  EXPECT_EQ(split_name("Smith, , Jane"), (PersonName{"Jane", "Smith"}));
}

TEST(SplitName, IsEmptyForNothing) {
  EXPECT_EQ(split_name(""), PersonName{});
  EXPECT_EQ(split_name(" , ,"), PersonName{});
}

TEST(SplitName, TakesAMillionCommasInItsStride) { EXPECT_EQ(split_name(std::string(1'000'000, ',')), PersonName{}); }

}  // namespace
}  // namespace daybook::domain
