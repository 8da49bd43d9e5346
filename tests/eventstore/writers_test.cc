#include "eventstore/writers.h"

#include <gtest/gtest.h>

#include "tests/eventstore/codec_fixture.h"

namespace daybook::eventstore {
namespace {

model::WorkspaceId workspace(const char* id) { return {*model::Uuid::parse(id)}; }

TEST(Partitions, AWorkspaceLivesWhereTheEndOfItsIdSays) {
  const auto id = workspace("01a217ca-8992-7000-8000-1e58984db974");  // 0x80001e58984db974
  EXPECT_EQ(partition_of(id, 1), 0U);
  EXPECT_EQ(partition_of(id, 3), 0x80001e58984db974 % 3);
  EXPECT_EQ(partition_of(id, 64), 0x34U);
}

TEST(Partitions, TheSystemWorkspaceLivesOnTheFirst) { EXPECT_EQ(partition_of(model::WorkspaceId{}, 7), 0U); }

TEST(Partitions, EachHasAWorkspaceOfItsOwn) {
  EXPECT_EQ(workspace_of_partition(0), model::WorkspaceId{});
  EXPECT_EQ(workspace_of_partition(258), workspace("00000000-0000-0000-0000-000000000102"));
  for (std::uint32_t partition = 0; partition < 64; ++partition) {
    EXPECT_EQ(partition_of(workspace_of_partition(partition), 64), partition);
    EXPECT_TRUE(is_of_partition(workspace_of_partition(partition)));
  }
  EXPECT_FALSE(is_of_partition(workspace("01a217ca-8992-7000-8000-000000000001")));
}

TEST(Partitions, FiguresOfWritersAreAddedUp) {
  WriterFigures all;
  all.takes_commands = true;
  all.outcomes = {1, 2};
  WriterFigures other = all;
  other.queued = 3;
  other.stands_by = true;
  other.takes_commands = false;
  other.append_to_apply = {{}, 4, 5};
  all += other;
  EXPECT_EQ(all.queued, 3U);
  EXPECT_TRUE(all.stands_by);
  EXPECT_FALSE(all.takes_commands);
  EXPECT_EQ(all.outcomes, (std::vector<std::uint64_t>{2, 4}));
  EXPECT_EQ(all.append_to_apply.count, 4U);
}

}  // namespace
}  // namespace daybook::eventstore
