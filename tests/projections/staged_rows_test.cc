#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/projections/writer_scene.h"

namespace daybook::projections {
namespace {

using Seen = std::vector<std::pair<std::string, std::string>>;

// Three letters out of four, so that keys meet and share prefixes.
std::string random_key(std::mt19937& random) {
  std::string key;
  for (int i = 0; i < 3; ++i) key += static_cast<char>('a' + random() % 4);
  return key;
}

Seen scanned(const domain::RowReader& rows, const std::string& prefix, const std::string& from) {
  Seen seen;
  rows.scan(prefix, from, [&](std::string_view key, std::string_view value) {
    seen.emplace_back(key, value);
    return seen.size() < 20;
  });
  return seen;
}

// Seeks somewhere and walks to and fro.
Seen walked(const domain::RowReader& rows, std::mt19937 random) {
  Seen seen;
  const auto cursor = rows.cursor(std::string(1, static_cast<char>('a' + random() % 4)));
  const std::string start = random_key(random);
  if (random() % 2 == 0) {
    cursor->seek(start);
  } else {
    cursor->seek_back(start);
  }
  for (int i = 0; i < 12 && cursor->valid(); ++i) {
    seen.emplace_back(cursor->key(), cursor->value());
    if (random() % 3 == 0) {
      cursor->prev();
    } else {
      cursor->next();
    }
  }
  return seen;
}

TEST(StagedRows, AreReadAsALayerInMemoryIs) {
  std::mt19937 random(1);
  domain::MemoryRows below;
  for (int i = 0; i < 30; ++i) below.put(random_key(random), "below");
  test::WriterScene scene;
  const auto staged = scene.state.stage(below);
  domain::LayerRows layer(below);
  for (int round = 0; round < 400; ++round) {
    const std::string key = random_key(random);
    const std::string value = random() % 5 == 0 ? "" : std::to_string(round);
    if (random() % 3 == 0) {
      staged->erase(key);
      layer.erase(key);
    } else {
      staged->put(key, value);
      layer.put(key, value);
    }
    const std::string asked = random_key(random);
    ASSERT_EQ(staged->get(asked), layer.get(asked));
    ASSERT_EQ(scanned(*staged, asked.substr(0, 1), asked), scanned(layer, asked.substr(0, 1), asked));
    const std::mt19937 walk(random());
    ASSERT_EQ(walked(*staged, walk), walked(layer, walk)) << "round " << round;
  }
}

TEST(StagedRows, LeaveNothingBehind) {
  test::WriterScene scene;
  const domain::MemoryRows below;
  const auto staging = scene.directory.path() / "staging";
  {
    const auto staged = scene.state.stage(below);
    staged->put("key", "value");
    EXPECT_FALSE(std::filesystem::is_empty(staging));
  }
  EXPECT_TRUE(std::filesystem::is_empty(staging));
}

TEST(StagedRows, OfAProcessThatDiedAreGoneAtTheNextStart) {
  test::Directory directory;
  std::filesystem::create_directories(directory.path() / "staging" / "1");
  const StateStore state({.directory = directory.path() / "state", .staging = directory.path() / "staging"});
  EXPECT_FALSE(std::filesystem::exists(directory.path() / "staging" / "1"));
}

}  // namespace
}  // namespace daybook::projections
