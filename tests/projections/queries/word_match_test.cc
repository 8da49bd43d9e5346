#include "projections/queries/word_match.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "model/text.h"

namespace daybook::projections::test {
namespace {

bool by_words(std::string_view text, std::string_view prefix) {
  const auto words = model::search_words(text);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return word.starts_with(prefix); });
}

TEST(WordBegins, AtTheBeginningOfAWordOnly) {
  EXPECT_TRUE(word_begins("Jane O'Neil", "neil"));
  EXPECT_TRUE(word_begins("Jane.Doe@mail.example.com", "exam"));
  EXPECT_TRUE(word_begins("Jane.Doe@mail.example.com", "jane.doe@mail"));
  EXPECT_TRUE(word_begins("Dr. JOSÉ", "jos"));
  EXPECT_FALSE(word_begins("Jane", "ane"));
  EXPECT_FALSE(word_begins("Jane", "janet"));
  EXPECT_FALSE(word_begins("a_b", "a_b"));
  EXPECT_FALSE(word_begins("", "a"));
}

// The short way and the words themselves say the same.
TEST(WordBegins, EqualsTheIndexedWords) {
  std::mt19937 random(20260117);
  constexpr std::string_view kCharacters = "aAbB1 .@-_'/";
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::size_t size = random() % 12; size > 0; --size) text += kCharacters[random() % kCharacters.size()];
    std::string prefix;
    for (std::size_t size = 1 + random() % 3; size > 0; --size) prefix += "ab1"[random() % 3];
    ASSERT_EQ(word_begins(text, prefix), by_words(text, prefix)) << text << " / " << prefix;
  }
}

}  // namespace
}  // namespace daybook::projections::test
