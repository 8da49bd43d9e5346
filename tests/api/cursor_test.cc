#include "api/cursor.h"

#include <gtest/gtest.h>

namespace daybook::api {
namespace {

eventstore::Key key_of(char byte) { return *eventstore::Key::from_bytes(std::string(32, byte)); }

model::WorkspaceId workspace(std::uint8_t number) {
  model::WorkspaceId id;
  id.value.bytes.fill(number);
  return id;
}

const CursorScope kScope{workspace(1), "contacts by name"};
const std::string kPosition("\0\1jane\0id", 9);

TEST(Cursor, OpensToThePositionItWasMadeOf) {
  EXPECT_EQ(read_cursor(key_of('k'), kScope, write_cursor(key_of('k'), kScope, kPosition)), kPosition);
}

TEST(Cursor, ShowsNothingOfThePosition) {
  const std::string cursor = write_cursor(key_of('k'), kScope, std::string(30, 'a'));
  EXPECT_EQ(cursor.find("YWFh"), std::string::npos);
}

TEST(Cursor, IsTheSameForTheSamePosition) {
  EXPECT_EQ(write_cursor(key_of('k'), kScope, kPosition), write_cursor(key_of('k'), kScope, kPosition));
}

TEST(Cursor, NeedsNoEscapingInAQuery) {
  const std::string cursor = write_cursor(key_of('k'), kScope, kPosition);
  EXPECT_EQ(cursor.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
}

TEST(Cursor, IsRefusedForAnotherWorkspaceQueryOrKey) {
  const std::string cursor = write_cursor(key_of('k'), kScope, kPosition);
  EXPECT_FALSE(read_cursor(key_of('k'), {workspace(2), kScope.query}, cursor));
  EXPECT_FALSE(read_cursor(key_of('k'), {kScope.workspace, "contacts by age"}, cursor));
  EXPECT_FALSE(read_cursor(key_of('x'), kScope, cursor));
}

TEST(Cursor, IsRefusedWithAnyCharacterChanged) {
  const std::string cursor = write_cursor(key_of('k'), kScope, kPosition);
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    std::string changed = cursor;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(read_cursor(key_of('k'), kScope, changed)) << i;
  }
}

TEST(Cursor, IsRefusedCutShortGrownOrForeign) {
  const std::string cursor = write_cursor(key_of('k'), kScope, kPosition);
  EXPECT_FALSE(read_cursor(key_of('k'), kScope, cursor.substr(1)));
  EXPECT_FALSE(read_cursor(key_of('k'), kScope, cursor + "A"));
  EXPECT_FALSE(read_cursor(key_of('k'), kScope, cursor + "="));
  EXPECT_FALSE(read_cursor(key_of('k'), kScope, ""));
  EXPECT_FALSE(read_cursor(key_of('k'), kScope, "50"));
  EXPECT_FALSE(read_cursor(key_of('k'), kScope, std::string(100'000, 'A')));
}

}  // namespace
}  // namespace daybook::api
