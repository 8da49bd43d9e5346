#include "eventstore/embedded/database_settings.h"

#include <rocksdb/db.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/sst_file_manager.h>
#include <rocksdb/table.h>

#include "eventstore/embedded/info_log.h"

namespace daybook::eventstore {
namespace {

constexpr std::size_t kMebibyte = 1 << 20;

rocksdb::ColumnFamilyOptions family(std::size_t memtable_bytes, bool looked_up_by_key) {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = memtable_bytes;
  options.target_file_size_base = 128 * kMebibyte;
  options.compression = rocksdb::kNoCompression;  // Sealed bytes do not shrink, and one thing less can go wrong.
  options.bottommost_compression = rocksdb::kNoCompression;
  options.paranoid_file_checks = true;  // Each new file is read back before the log it came from is dropped.
  rocksdb::BlockBasedTableOptions table;
  table.block_size = 16 << 10;
  table.block_cache = rocksdb::NewLRUCache(16 * kMebibyte);
  if (looked_up_by_key) table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace

rocksdb::DBOptions database_settings(const DatabaseOptions& options) {
  rocksdb::DBOptions settings;
  if (options.env != nullptr) settings.env = options.env;
  // The default mode opens after one flipped bit and silently loses what follows it.
  settings.wal_recovery_mode = rocksdb::WALRecoveryMode::kAbsoluteConsistency;
  if (options.is_read_only) {
    settings.info_log = no_info_log();
  } else {
    // The stock info log aborts the process on a full disk.
    settings.info_log = open_info_log(options.directory / "warnings.txt");
    // Unlinking an old WAL at once stalls synced writes for over 100 ms on some file systems: cut it down in small
    // steps.
    settings.sst_file_manager.reset(
        rocksdb::NewSstFileManager(settings.env, nullptr, "", 256 * kMebibyte, true, nullptr, 1.0, kMebibyte));
  }
  // So that a scrub can check every byte of a file, and not only those inside of blocks.
  settings.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  settings.paranoid_checks = true;
  settings.max_bgerror_resume_count = 0;  // After a failed write the process stops; nothing resumes behind its back.
  settings.max_total_wal_size = 256 * kMebibyte;
  settings.max_open_files = 512;
  settings.keep_log_file_num = 1;
  settings.stats_dump_period_sec = 0;
  settings.stats_persist_period_sec = 0;
  return settings;
}

std::vector<rocksdb::ColumnFamilyDescriptor> column_families() {
  return {{rocksdb::kDefaultColumnFamilyName, family(kMebibyte, false)},
          {"records", family(64 * kMebibyte, false)},
          {"keys", family(8 * kMebibyte, true)}};
}

}  // namespace daybook::eventstore
