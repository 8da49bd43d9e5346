#include "eventstore/embedded/scrub.h"

#include <rocksdb/db.h>
#include <rocksdb/iterator.h>
#include <rocksdb/sst_file_reader.h>

#include <charconv>
#include <fstream>
#include <string>

#include "eventstore/checksum.h"
#include "eventstore/embedded/database_settings.h"
#include "eventstore/embedded/record_value.h"

namespace daybook::eventstore {
namespace {

constexpr std::size_t kPieceBytes = 1 << 20;
constexpr std::uint64_t kPieceRecords = 1000;

// Keeps compaction from deleting files while they are read.
class FilesKept {
 public:
  explicit FilesKept(rocksdb::DB& db) : db_(db), kept_(db.DisableFileDeletions().ok()) {}
  ~FilesKept() {
    if (kept_ && !db_.EnableFileDeletions(false).ok()) return;  // The next start deletes what is left over.
  }
  FilesKept(const FilesKept&) = delete;
  FilesKept& operator=(const FilesKept&) = delete;

 private:
  rocksdb::DB& db_;
  const bool kept_;
};

// The checksum of the whole file as the manifest holds it; nothing when the scrub is to end or the file cannot be read.
std::optional<std::string> checksum_of(const std::string& path, const Pace& pace) {
  std::ifstream file(path, std::ios::binary);
  std::string piece(kPieceBytes, '\0');
  std::uint32_t crc = 0;
  while (file) {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    crc = crc32c({piece.data(), static_cast<std::size_t>(file.gcount())}, crc);
    if (pace && !pace()) return std::nullopt;
  }
  std::string checksum(sizeof crc, '\0');
  put_big_endian32(checksum.data(), crc);
  return file.eof() ? std::optional(checksum) : std::nullopt;
}

// RocksDB tells the block only in its text: "... in FILE offset N size M".
std::optional<std::uint64_t> block_named_in(const std::string& text) {
  constexpr std::string_view kWord = " offset ";
  const std::size_t at = text.find(kWord);
  std::uint64_t byte = 0;
  if (at == std::string::npos) return std::nullopt;
  const char* from = text.data() + at + kWord.size();
  if (std::from_chars(from, text.data() + text.size(), byte).ec != std::errc{}) return std::nullopt;
  return byte;
}

Damage locate(const Database& database, const std::string& path) {
  rocksdb::Options options(database_settings(database.options()), {});
  rocksdb::SstFileReader reader(options);
  auto status = reader.Open(path);
  if (status.ok()) status = reader.VerifyChecksum();
  const std::string text = status.ok() ? "a byte outside of all blocks changed" : status.ToString();
  return {path, block_named_in(text), std::nullopt, text};
}

// False: told to end.
bool scrub_files(const Database& database, const Pace& pace, ScrubReport& report) {
  const FilesKept kept(database.rocksdb());
  std::vector<rocksdb::LiveFileMetaData> files;
  database.rocksdb().GetLiveFilesMetaData(&files);
  for (const auto& file : files) {
    const std::string path = file.db_path + file.name;
    const auto checksum = checksum_of(path, pace);
    if (pace && !checksum && !pace()) return false;
    if (checksum != file.file_checksum) report.damages.push_back(locate(database, path));
    ++report.files;
  }
  return true;
}

bool scrub_records(const Database& database, std::uint64_t end, const Pace& pace, ScrubReport& report) {
  const auto iterator = database.records();
  iterator->SeekToFirst();
  for (; report.records < end; ++report.records, iterator->Next()) {
    database.record_at(*iterator, report.records);
    if (pace && report.records % kPieceRecords == 0 && !pace()) return false;
  }
  return true;
}

void scrub_keys(const Database& database, const Pace& pace, ScrubReport& report) {
  const auto iterator = database.keys();
  for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next(), ++report.keys) {
    if (!bytes_of(iterator->key().ToStringView(), iterator->value().ToStringView())) {
      throw LogDamaged(
          {database.options().directory, std::nullopt, std::nullopt, "a wrapped key is not what was written"});
    }
    if (pace && report.keys % kPieceRecords == 0 && !pace()) return;
  }
  if (!iterator->status().ok()) {
    throw LogDamaged({database.options().directory, std::nullopt, std::nullopt, iterator->status().ToString()});
  }
}

}  // namespace

ScrubReport scrub(const Database& database, std::uint64_t end, const Pace& pace) {
  ScrubReport report;
  if (!scrub_files(database, pace, report)) return report;
  try {
    if (!scrub_records(database, end, pace, report)) return report;
  } catch (const LogDamaged& damaged) {
    report.damages.push_back(damaged.damage());
  }
  try {
    scrub_keys(database, pace, report);
  } catch (const LogDamaged& damaged) {
    report.damages.push_back(damaged.damage());
  }
  return report;
}

}  // namespace daybook::eventstore
