#include "projections/state_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "tests/projections/writer_scene.h"

namespace daybook::projections {
namespace {

using test::Directory;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr std::uint64_t kPlenty = std::uint64_t{1} << 30;
constexpr std::size_t kTarBlock = 512;

using Files = std::map<std::string, std::string>;

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Files files_in(const std::filesystem::path& directory) {
  Files files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    files.emplace(entry.path().filename().string(), read(entry.path()));
  }
  return files;
}

std::string packed(const std::filesystem::path& directory) {
  std::string archive;
  pack_state(directory, [&](std::string_view bytes) { archive.append(bytes); });
  return archive;
}

std::string packed(const Files& files) {
  const Directory directory;
  for (const auto& [name, text] : files) write(directory.path() / name, text);
  return packed(directory.path());
}

// The files of an archive that is whole; otherwise throws.
Files unpacked(const std::string& archive, std::uint64_t limit = kPlenty) {
  const Directory directory;
  unpack_state(domain::text_source(archive), directory.path() / "state", limit);
  return files_in(directory.path() / "state");
}

const Files kTwo{{"CURRENT", "MANIFEST-000004\n"}, {"000012.sst", std::string(700, 's')}};

TEST(StateArchive, GivesBackTheFilesThatWerePacked) {
  Files files = kTwo;
  files["empty.log"] = "";
  files["000013.sst"] = std::string(3'000'000, '\0') + "end";
  EXPECT_EQ(unpacked(packed(files)), files);
}

TEST(StateArchive, CountsTheBytesOfItsFiles) {
  const Directory directory;
  EXPECT_EQ(unpack_state(domain::text_source(packed(kTwo)), directory.path() / "state", kPlenty), 716U);
}

TEST(StateArchive, LeavesDirectoriesOut) {
  const Directory directory;
  write(directory.path() / "CURRENT", "1");
  std::filesystem::create_directories(directory.path() / "staging");
  EXPECT_EQ(unpacked(packed(directory.path())), (Files{{"CURRENT", "1"}}));
}

TEST(StateArchive, IsHandedOverInBlocks) {
  const Directory directory;
  write(directory.path() / "000012.sst", std::string(5'000'000, 's'));
  std::size_t largest = 0;
  pack_state(directory.path(), [&](std::string_view bytes) { largest = std::max(largest, bytes.size()); });
  EXPECT_LE(largest, std::size_t{256} << 10);
}

TEST(StateArchive, EndsWithWhatTheSinkThrows) {
  const Directory directory;
  write(directory.path() / "000012.sst", std::string(5'000'000, 's'));
  std::size_t taken = 0;
  const auto pack = [&] {
    pack_state(directory.path(), [&](std::string_view) {
      if (++taken == 2) throw std::runtime_error("the client is gone");
    });
  };
  EXPECT_THAT(pack, ThrowsMessage<std::runtime_error>("the client is gone"));
  EXPECT_EQ(taken, 2U);
}

TEST(StateArchive, EndsWithWhatTheSourceThrows) {
  const Directory directory;
  const auto unpack = [&] {
    unpack_state([](std::span<char>) -> std::size_t { throw std::runtime_error("the connection is lost"); },
                 directory.path() / "state", kPlenty);
  };
  EXPECT_THAT(unpack, ThrowsMessage<std::runtime_error>("the connection is lost"));
}

TEST(StateArchive, CutOffAnywhereIsRefused) {
  const std::string archive = packed(kTwo);
  const std::size_t whole = archive.size() - 2 * kTarBlock;  // without the two empty blocks that end a tar
  for (std::size_t size = 0; size < whole; size += 37) {
    EXPECT_THROW(unpacked(archive.substr(0, size)), ArchiveRefused) << size;
  }
}

// What fills up a block of tar means nothing; all the rest does.
TEST(StateArchive, WithAFlippedByteIsRefusedOrTheSame) {
  const std::string archive = packed(kTwo);
  std::size_t refused = 0;
  for (std::size_t at = 0; at < archive.size(); at += 3) {
    std::string changed = archive;
    changed[at] = static_cast<char>(changed[at] ^ 0x20);
    try {
      EXPECT_EQ(unpacked(changed), kTwo) << at;
    } catch (const ArchiveRefused&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, kTarBlock);  // the three heads alone have as many to flip
}

TEST(StateArchive, LargerThanItsRoomIsRefused) {
  EXPECT_EQ(unpacked(packed(kTwo), 716), kTwo);
  EXPECT_THAT([] { unpacked(packed(kTwo), 715); }, ThrowsMessage<ArchiveRefused>(HasSubstr("larger than the 715")));
}

TEST(StateArchive, IsNotUnpackedOverADirectoryThatIsThere) {
  const Directory directory;
  EXPECT_THROW(unpack_state(domain::text_source(packed(kTwo)), directory.path(), kPlenty), std::runtime_error);
}

// An archive of empty entries, as somebody else may make it.
struct Entry {
  const char* name = "CURRENT";
  unsigned type = AE_IFREG;
  const char* symlink = nullptr;
  const char* hardlink = nullptr;
  const char* next = nullptr;  // the name of another one like it
};

std::string archive_of(const Entry& made) {
  std::string out(64 << 10, '\0');
  std::size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_set_format_pax_restricted(writer);
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  for (const char* name : {made.name, made.next}) {
    if (name == nullptr) continue;
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, made.type);
    archive_entry_set_perm(entry, 0600);
    archive_entry_set_size(entry, 0);
    if (made.symlink != nullptr) archive_entry_set_symlink(entry, made.symlink);
    if (made.hardlink != nullptr) archive_entry_set_hardlink(entry, made.hardlink);
    EXPECT_EQ(archive_write_header(writer, entry), ARCHIVE_OK);
    archive_entry_free(entry);
  }
  archive_write_free(writer);
  return out.substr(0, used);
}

class EvilArchive : public testing::TestWithParam<Entry> {};

TEST_P(EvilArchive, IsRefusedAndWritesNothing) {
  const Directory directory;
  const auto unpack = [&] {
    unpack_state(domain::text_source(archive_of(GetParam())), directory.path() / "state", kPlenty);
  };
  EXPECT_THAT(unpack, ThrowsMessage<ArchiveRefused>(HasSubstr("no plain file of a plain name")));
  EXPECT_TRUE(std::filesystem::is_empty(directory.path() / "state"));
  EXPECT_FALSE(std::filesystem::exists(directory.path() / "evil"));
}

INSTANTIATE_TEST_SUITE_P(Entries, EvilArchive,
                         testing::Values(Entry{.name = "../evil"}, Entry{.name = "/tmp/evil"}, Entry{.name = "a/evil"},
                                         Entry{.name = ".."}, Entry{.name = "."}, Entry{.name = ".evil"},
                                         Entry{.name = "evil file"}, Entry{.name = "ev\\il"},
                                         Entry{.name = "evil", .type = AE_IFDIR},
                                         Entry{.name = "evil", .type = AE_IFIFO},
                                         Entry{.name = "evil", .type = AE_IFCHR},
                                         Entry{.name = "evil", .type = AE_IFLNK, .symlink = "/etc/passwd"},
                                         Entry{.name = "evil", .hardlink = "/etc/passwd"}));

TEST(StateArchive, WithOneNameTwiceIsRefused) {
  EXPECT_THAT([] { unpacked(archive_of({.next = "CURRENT"})); },
              ThrowsMessage<ArchiveRefused>(HasSubstr("CURRENT twice")));
}

TEST(StateArchive, WithoutItsSumsIsRefused) {
  EXPECT_THAT([] { unpacked(archive_of({})); }, ThrowsMessage<ArchiveRefused>(HasSubstr("before its SHA256SUMS")));
}

TEST(StateArchive, ThatGoesOnBehindItsSumsIsRefused) {
  EXPECT_THAT([] { unpacked(archive_of({.name = "SHA256SUMS", .next = "CURRENT"})); },
              ThrowsMessage<ArchiveRefused>(HasSubstr("goes on behind")));
}

TEST(StateArchive, ThatIsNoneIsRefused) {
  EXPECT_THROW(unpacked("<html>Not here.</html>"), ArchiveRefused);
  EXPECT_THROW(unpacked(""), ArchiveRefused);
}

}  // namespace
}  // namespace daybook::projections
