#include "eventstore/row_cache.h"

#include <gtest/gtest.h>

namespace daybook::eventstore {
namespace {

model::WorkspaceId workspace(std::uint8_t number) {
  model::WorkspaceId id;
  id.value.bytes.back() = number;
  return id;
}

TEST(RowCache, KnowsWhatWasPutAndThatThereIsNothing) {
  RowCache cache(1000);
  cache.put(workspace(1), "owner", "Ann");
  cache.put(workspace(1), "company", std::nullopt);
  EXPECT_EQ(*cache.find(workspace(1), "owner"), "Ann");
  EXPECT_EQ(*cache.find(workspace(1), "company"), std::nullopt);
  EXPECT_EQ(cache.find(workspace(1), "pipeline"), nullptr);
}

TEST(RowCache, KeepsWorkspacesApart) {
  RowCache cache(1000);
  cache.put(workspace(1), "owner", "Ann");
  EXPECT_EQ(cache.find(workspace(2), "owner"), nullptr);
  cache.forget(workspace(2));
  EXPECT_EQ(*cache.find(workspace(1), "owner"), "Ann");
}

TEST(RowCache, ForgetsWhatACommitChanged) {
  RowCache cache(1000);
  cache.put(workspace(1), "owner", "Ann");
  cache.put(workspace(1), "company", "Acme");
  cache.forget(workspace(1), {{"owner", "Bo"}, {"unknown", std::nullopt}});
  EXPECT_EQ(cache.find(workspace(1), "owner"), nullptr);
  EXPECT_EQ(*cache.find(workspace(1), "company"), "Acme");
}

TEST(RowCache, ForgetsAWorkspace) {
  RowCache cache(1000);
  cache.put(workspace(1), "owner", "Ann");
  cache.forget(workspace(1));
  EXPECT_EQ(cache.find(workspace(1), "owner"), nullptr);
}

TEST(RowCache, StartsOverWhenItIsFull) {
  RowCache cache(1000);
  cache.put(workspace(1), "large", std::string(1001, 'x'));
  cache.put(workspace(2), "small", "y");
  EXPECT_EQ(cache.find(workspace(1), "large"), nullptr);
  EXPECT_EQ(*cache.find(workspace(2), "small"), "y");
}

}  // namespace
}  // namespace daybook::eventstore
