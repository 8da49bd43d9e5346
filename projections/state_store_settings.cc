#include "projections/state_store_settings.h"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

#include <stdexcept>

namespace daybook::projections {
namespace {

constexpr std::size_t kHintedKeyBytes = 19;  // workspace(16), row type, kind, and the byte after them

// The info log goes nowhere: the stock one aborts the process on a full disk (Debian builds RocksDB with assertions).
class SilentLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

}  // namespace

struct StateMemory::Budget {
  std::size_t write_buffer_bytes;
  std::shared_ptr<rocksdb::Cache> cache;
  std::shared_ptr<rocksdb::WriteBufferManager> write_buffers;  // counted in the cache
};

StateMemory::StateMemory(std::size_t cache_bytes, std::size_t write_buffer_bytes) {
  const auto cache = rocksdb::NewLRUCache(cache_bytes);
  budget_ = std::make_shared<const Budget>(
      Budget{write_buffer_bytes, cache, std::make_shared<rocksdb::WriteBufferManager>(write_buffer_bytes, cache)});
}

rocksdb::DBOptions database_settings(const StateMemory& memory) {
  rocksdb::DBOptions settings;
  settings.create_if_missing = true;
  settings.create_missing_column_families = true;
  settings.info_log = std::make_shared<SilentLogger>();
  settings.write_buffer_manager = memory.budget_->write_buffers;
  settings.max_background_jobs = 2;
  settings.allow_concurrent_memtable_write = false;
  settings.max_open_files = 1024;
  settings.stats_dump_period_sec = 0;
  settings.stats_persist_period_sec = 0;
  return settings;
}

rocksdb::ColumnFamilyOptions family_settings(const StateMemory& memory) {
  rocksdb::ColumnFamilyOptions family;
  family.write_buffer_size = memory.budget_->write_buffer_bytes / 2;
  // Rows of one workspace, type, kind and field or letter come in order more often than not, so each is looked for
  // where the one before it went. It wants one writer a memtable (allow_concurrent_memtable_write).
  family.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(kHintedKeyBytes));
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = memory.budget_->cache;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.cache_index_and_filter_blocks = true;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

void require(const rocksdb::Status& status, const std::string& doing) {
  if (status.ok()) return;
  throw std::runtime_error(doing + ": " + status.ToString() +
                           "; the state is a cache of the log: stop Daybook, delete state/ and start again");
}

}  // namespace daybook::projections
