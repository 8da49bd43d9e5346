#include "projections/state_store.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <set>

#include "projections/projector.h"
#include "tests/projections/queries/list_scene.h"

namespace daybook::projections {
namespace {

using test::some_id;

// A state on the disk with one contact in each of some workspaces whose ids stand next to each other or at the end.
struct StateOfWorkspaces : testing::Test {
  StateOfWorkspaces() {
    std::string name = (std::filesystem::temp_directory_path() / "daybook-state-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    directory = name;
    store = std::make_unique<StateStore>(StateStore::Options{.directory = directory});
    for (const char last : std::string("\x00\x01\xFE\xFF", 4)) {
      workspaces.push_back({some_id(0xFF)});
      workspaces.back().value.bytes.back() = static_cast<std::uint8_t>(last);
    }
    Projector projector(*store, nullptr);
    std::uint64_t offset = 0;
    for (const model::WorkspaceId workspace : workspaces)
      projector.apply(0, {commit(workspace)}, {++offset, {}, 0, {}});
  }
  ~StateOfWorkspaces() override {
    store.reset();
    std::filesystem::remove_all(directory);
  }

  // Every contact has the same id, so that only the workspace tells them apart.
  static eventstore::OpenedCommit commit(model::WorkspaceId workspace) {
    v1::Contact contact;
    contact.set_first_name(workspace.value.text());
    const model::Kind& kind = domain::kind_of<v1::Contact>();
    eventstore::OpenedCommit opened;
    opened.commit.workspace = workspace;
    opened.commit.command = some_id(7);
    opened.commit.first_position = 1;
    opened.commit.idempotency = eventstore::Idempotency{some_id(3), "key", "request"};
    opened.commit.events = {
        {kind.created_event, kind.number, some_id(10), contact.SerializeAsString(), {}, some_id(10)}};
    opened.after.next_position = 2;
    return opened;
  }

  std::filesystem::path directory;
  std::unique_ptr<StateStore> store;
  std::vector<model::WorkspaceId> workspaces;
};

TEST_F(StateOfWorkspaces, EveryKeyStartsWithItsWorkspace) {
  std::map<model::WorkspaceId, std::size_t> counts;
  store->for_each_row([&](model::WorkspaceId workspace, std::string_view, std::string_view) { ++counts[workspace]; });
  ASSERT_EQ(counts.size(), workspaces.size());
  for (const model::WorkspaceId workspace : workspaces) {
    EXPECT_EQ(counts[workspace], counts[workspaces.front()]) << workspace.value.text();
  }
}

TEST_F(StateOfWorkspaces, AReaderSeesItsOwnRowsAlone) {
  for (const model::WorkspaceId workspace : workspaces) {
    std::size_t seen = 0;
    store->for_each_row([&](model::WorkspaceId of, std::string_view, std::string_view) { seen += of == workspace; });
    const auto rows = store->rows(workspace, store->snapshot());
    std::size_t scanned = 0;
    rows->scan({}, {}, [&](std::string_view, std::string_view) { return ++scanned > 0; });
    EXPECT_EQ(scanned, seen);
    std::size_t walked = 0;
    const auto cursor = rows->cursor({});
    for (cursor->seek({}); cursor->valid(); cursor->next()) ++walked;
    EXPECT_EQ(walked, seen);
    const auto contact = domain::View(*rows, workspace).find<v1::Contact>(some_id(10));
    ASSERT_TRUE(contact);
    EXPECT_EQ(contact->first_name(), workspace.value.text());
  }
}

TEST_F(StateOfWorkspaces, ACursorThatRunsOffTheEndEntersNoOther) {
  for (const model::WorkspaceId workspace : workspaces) {
    const auto cursor = store->rows(workspace)->cursor({});
    cursor->seek_back(std::string(40, '\xFF'));
    ASSERT_TRUE(cursor->valid());
    cursor->next();
    EXPECT_FALSE(cursor->valid());
    cursor->seek({});
    ASSERT_TRUE(cursor->valid());
    cursor->prev();
    EXPECT_FALSE(cursor->valid());
  }
}

}  // namespace
}  // namespace daybook::projections
