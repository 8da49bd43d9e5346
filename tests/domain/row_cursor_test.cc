#include <gtest/gtest.h>

#include "domain/rows.h"

namespace daybook::domain {
namespace {

// a1 a3 a5 below; a0, a4 and b added above, a3 erased.
class RowCursorTest : public testing::TestWithParam<bool> {
 protected:
  RowCursorTest() : layer_(below_) {
    Rows& early = GetParam() ? static_cast<Rows&>(layer_) : below_;
    for (const char* key : {"Z", "a1", "a3", "a5", "c"}) below_.put(key, key);
    for (const char* key : {"a0", "a4", "b"}) early.put(key, key);
    early.erase("a3");
  }
  std::unique_ptr<RowCursor> cursor() const {
    return GetParam() ? layer_.cursor("a") : static_cast<const RowReader&>(below_).cursor("a");
  }

  MemoryRows below_;
  LayerRows layer_;
};

TEST_P(RowCursorTest, GoesForwardToTheEndOfThePrefix) {
  std::string seen;
  const auto at = cursor();
  for (at->seek(""); at->valid(); at->next()) seen += std::string(at->value()) + " ";
  EXPECT_EQ(seen, "a0 a1 a4 a5 ");
}

TEST_P(RowCursorTest, GoesBackToTheBeginningOfThePrefix) {
  std::string seen;
  const auto at = cursor();
  for (at->seek_back("z"); at->valid(); at->prev()) seen += std::string(at->key()) + " ";
  EXPECT_EQ(seen, "a5 a4 a1 a0 ");
}

TEST_P(RowCursorTest, SeeksToTheRowItselfOrTheNearest) {
  const auto at = cursor();
  at->seek("a1");
  EXPECT_EQ(at->key(), "a1");
  at->seek("a2");
  EXPECT_EQ(at->key(), "a4");
  at->seek_back("a4");
  EXPECT_EQ(at->key(), "a4");
  at->seek_back("a3");
  EXPECT_EQ(at->key(), "a1");
}

TEST_P(RowCursorTest, TurnsRoundAnywhere) {
  const auto at = cursor();
  at->seek("a4");
  at->prev();
  EXPECT_EQ(at->key(), "a1");
  at->next();
  EXPECT_EQ(at->key(), "a4");
}

TEST_P(RowCursorTest, IsNotValidBeyondThePrefix) {
  const auto at = cursor();
  at->seek("a9");
  EXPECT_FALSE(at->valid());
  at->seek_back("Z");
  EXPECT_FALSE(at->valid());
}

INSTANTIATE_TEST_SUITE_P(Rows, RowCursorTest, testing::Values(false, true),
                         [](const auto& rows) { return rows.param ? "Layer" : "Memory"; });

TEST(AfterPrefix, IsTheFirstKeyThatDoesNotStartWithIt) {
  EXPECT_EQ(after_prefix("ab"), "ac");
  EXPECT_EQ(after_prefix(std::string("a\xFF")), "b");
  EXPECT_EQ(after_prefix("\xFF\xFF"), "");
}

}  // namespace
}  // namespace daybook::domain
