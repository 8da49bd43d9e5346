#include "projections/state_store.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <map>
#include <random>

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

// The memtable looks for a row where the one before it with the same start went (state_store_settings.cc): in whatever
// order rows come and go, and while they are written out, none is lost or out of its place.
TEST_F(StateOfWorkspaces, HoldsRowsThatCameInAnyOrder) {
  const StateStore::Options options{
      .directory = directory / "other", .cache_bytes = 8 << 20, .write_buffer_bytes = 1 << 20};
  StateStore other(options);
  std::mt19937_64 random(20260117);
  std::map<std::string, std::string> expected;
  std::uint64_t next = 0;
  for (int batch = 0; batch < 2000; ++batch) {
    domain::LayerRows::Changes changes;
    for (int row = 0; row < 20; ++row) {
      std::string key(1, "ehw"[random() % 3]);
      key.append(1, static_cast<char>(random() % 3)).append(1, static_cast<char>(random() % 4));
      key += std::to_string(random() % 2 == 0 ? next++ : random() % 20'000);
      if (random() % 8 == 0) {
        changes[key] = std::nullopt;
        expected.erase(key);
      } else {
        changes[key] = expected[key] = std::string(random() % 200, static_cast<char>('a' + random() % 26));
      }
    }
    other.write({{workspaces[batch % 2 == 0 ? 0 : 1], changes}, {workspaces[2], changes}}, 0, {});
  }
  std::map<std::string, std::string> found;
  other.rows(workspaces[2])->scan({}, {}, [&](std::string_view key, std::string_view value) {
    return found.emplace(key, value).second;
  });
  EXPECT_EQ(found, expected);
  const auto rows = other.rows(workspaces[2]);
  for (const auto& [key, value] : expected) ASSERT_EQ(rows->get(key), value);
}

}  // namespace
}  // namespace daybook::projections
