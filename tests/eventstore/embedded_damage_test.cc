#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "eventstore/embedded/embedded_log.h"
#include "tests/eventstore/embedded_scene.h"

namespace daybook::eventstore::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

struct EmbeddedDamage : ::testing::Test {
  // A log of `count` records in a table file and as many again in the write-ahead log.
  void fill(int count) {
    append_numbers(*std::make_unique<EmbeddedLog>(scene.options()), 0, count);
    append_numbers(*std::make_unique<EmbeddedLog>(scene.options()), count, 2 * count);
  }
  auto opening() {
    return [this] { EmbeddedLog log(scene.options()); };
  }

  EmbeddedScene scene;
};

void flip(const fs::path& path, std::uint64_t at, char mask) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekg(static_cast<std::streamoff>(at));
  const char byte = static_cast<char>(file.get());
  file.seekp(static_cast<std::streamoff>(at));
  file.put(static_cast<char>(byte ^ mask));
}

std::vector<fs::path> files_below(const fs::path& root) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file() && entry.file_size() > 0) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

enum class Outcome { kRefused, kFound, kUnharmed, kWrong };

Outcome try_to_read(const EmbeddedScene& scene, int count) {
  try {
    EmbeddedLog log(scene.options());
    try {
      if (!holds_numbers(log, count) || log.end(0) != static_cast<std::uint64_t>(count)) return Outcome::kWrong;
    } catch (const LogDamaged&) {
      return Outcome::kFound;
    }
    return log.scrub().damages.empty() ? Outcome::kUnharmed : Outcome::kFound;
  } catch (const LogDamaged&) {
    return Outcome::kRefused;
  }
}

// Files that nothing is read from, and the mark, whose other slot steps in.
bool may_be_unharmed(const std::string& name) {
  return name == "IDENTITY" || name.starts_with("OPTIONS-") || name == "in-use" || name == "warnings.txt" ||
         name == "mark";
}

TEST_F(EmbeddedDamage, EachOfAHundredFlippedBytesIsFoundAndNoneReadAsTrue) {
  constexpr std::uint64_t kSeed = 20'240'229;
  std::mt19937_64 random(kSeed);
  fill(150);
  const auto pristine_files = files_below(scene.root());
  int refused_or_found = 0;
  for (int trial = 0; trial < 100; ++trial) {
    EmbeddedScene copy;
    copy.copy_from(scene);
    // Every other byte is drawn from all bytes, and every other from all files, so that small files get their share.
    std::uint64_t total = 0;
    for (const auto& file : pristine_files) total += fs::file_size(file);
    std::size_t index = random() % pristine_files.size();
    std::uint64_t at = random() % fs::file_size(pristine_files[index]);
    if (trial % 2 == 0) {
      at = random() % total;
      for (index = 0; at >= fs::file_size(pristine_files[index]); ++index) at -= fs::file_size(pristine_files[index]);
    }
    const fs::path victim = copy.root() / fs::relative(pristine_files[index], scene.root());
    flip(victim, at, static_cast<char>(1 + random() % 255));

    const Outcome outcome = try_to_read(copy, 300);
    EXPECT_NE(outcome, Outcome::kWrong) << victim << " at " << at;
    if (!may_be_unharmed(victim.filename())) {
      EXPECT_NE(outcome, Outcome::kUnharmed) << victim << " at " << at;
    }
    refused_or_found += outcome == Outcome::kRefused || outcome == Outcome::kFound;
  }
  EXPECT_GT(refused_or_found, 60);
}

TEST_F(EmbeddedDamage, FlippedByteInTheWalNamesFileByteAndCommand) {
  fill(10);
  const fs::path wal = scene.only_file(".log");
  flip(wal, 100, 1);
  EXPECT_THAT(opening(), ThrowsMessage<LogDamaged>(HasSubstr(wal.string() + " at byte 0")));
  EXPECT_THAT(opening(), ThrowsMessage<LogDamaged>(HasSubstr("put back a backup copy")));
}

TEST_F(EmbeddedDamage, RefusingATornWalLeavesTheEvidence) {
  fill(10);
  const fs::path wal = scene.only_file(".log");
  const auto size = fs::file_size(wal) - 10;
  fs::resize_file(wal, size);
  EXPECT_THROW(opening()(), LogDamaged);
  ASSERT_TRUE(fs::exists(wal));
  EXPECT_EQ(fs::file_size(wal), size);
}

TEST_F(EmbeddedDamage, ScrubNamesTheTableFileAndBlock) {
  fill(500);
  EmbeddedLog log(scene.options());
  std::optional<fs::path> table;
  for (const auto& file : files_below(scene.log_directory())) {
    if (file.extension() == ".sst" && fs::file_size(file) > 200'000) table = file;
  }
  ASSERT_TRUE(table);
  flip(*table, 40'000, 1);
  const auto damages = log.scrub().damages;
  ASSERT_FALSE(damages.empty());
  EXPECT_EQ(damages[0].file, table->string());
  EXPECT_LE(damages[0].at_byte.value_or(0), 40'000U);
  EXPECT_GT(damages[0].at_byte.value_or(0), 40'000U - (17 << 10));
}

TEST_F(EmbeddedDamage, WalTruncatedBetweenRecordsIsRefused) {
  std::uintmax_t size = 0;
  {
    EmbeddedLog log(scene.options());
    append_numbers(log, 0, 10);
    size = fs::file_size(scene.only_file(".log"));
    append_numbers(log, 10, 20);
  }
  fs::resize_file(scene.only_file(".log"), size);
  EXPECT_THAT(opening(), ThrowsMessage<LogDamaged>(HasSubstr("first bad offset 10")));
  EXPECT_THROW(opening()(), LogDamaged) << "a second attempt must not find it whole";
}

TEST_F(EmbeddedDamage, WalTruncatedWithinARecordIsRefused) {
  {
    EmbeddedLog log(scene.options());
    for (int number = 0; number < 20; ++number) append(log, numbered_record(number));
  }
  fs::resize_file(scene.only_file(".log"), fs::file_size(scene.only_file(".log")) - 100);
  EXPECT_THAT(opening(), ThrowsMessage<LogDamaged>(HasSubstr("first bad offset 19")));
}

TEST_F(EmbeddedDamage, YesterdaysCopyIsRefused) {
  append_numbers(*std::make_unique<EmbeddedLog>(scene.options()), 0, 10);
  const EmbeddedScene yesterday;
  fs::copy(scene.log_directory(), yesterday.log_directory(), fs::copy_options::recursive);
  append_numbers(*std::make_unique<EmbeddedLog>(scene.options()), 10, 20);
  fs::remove_all(scene.log_directory());
  fs::copy(yesterday.log_directory(), scene.log_directory(), fs::copy_options::recursive);
  EXPECT_THAT(opening(), ThrowsMessage<LogDamaged>(HasSubstr("rolled back")));
}

TEST_F(EmbeddedDamage, CopyThatWentOnDifferentlyIsRefused) {
  append_numbers(*std::make_unique<EmbeddedLog>(scene.options()), 0, 10);
  const Mark mark = HighWaterMark::read(scene.mark_file()).value();
  const EmbeddedScene other;
  append_numbers(*std::make_unique<EmbeddedLog>(other.options()), 5, 25);
  HighWaterMark::reset(other.mark_file(), mark);
  EXPECT_THAT([&] { EmbeddedLog log(other.options()); }, ThrowsMessage<LogDamaged>(HasSubstr("first bad offset 9")));
}

TEST_F(EmbeddedDamage, MissingMarkIsRefused) {
  fill(10);
  fs::remove(scene.mark_file());
  EXPECT_THAT(opening(), ThrowsMessage<LogDamaged>(HasSubstr("--high-water")));
}

TEST_F(EmbeddedDamage, ResetMarkAcceptsARestoredLog) {
  fill(10);
  fs::remove(scene.mark_file());
  HighWaterMark::reset(scene.mark_file(), Mark{});
  EXPECT_NO_THROW(opening()());
}

TEST_F(EmbeddedDamage, EmptiedDirectoryIsNotTakenForANewLog) {
  fill(10);
  fs::remove_all(scene.log_directory());
  EXPECT_THROW(opening()(), LogDamaged);
  EXPECT_FALSE(fs::exists(scene.log_directory() / "CURRENT"));
}

class EmbeddedMissingFile : public EmbeddedDamage, public ::testing::WithParamInterface<std::string> {};
INSTANTIATE_TEST_SUITE_P(Of, EmbeddedMissingFile, ::testing::Values("CURRENT", "MANIFEST", ".sst", ".log"));

TEST_P(EmbeddedMissingFile, IsRefused) {
  fill(10);
  for (const auto& file : files_below(scene.log_directory())) {
    if (file.filename().string().starts_with(GetParam()) || file.extension() == GetParam()) fs::remove(file);
  }
  EXPECT_THROW(opening()(), LogDamaged);
}

}  // namespace
}  // namespace daybook::eventstore::testing
