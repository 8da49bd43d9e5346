#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/high_water.h"
#include "eventstore/log.h"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
struct DBOptions;
class Env;
class Iterator;
class Status;
}  // namespace rocksdb

namespace daybook::eventstore {

struct DatabaseOptions {
  std::filesystem::path directory;
  rocksdb::Env* env = nullptr;  // of tests that break the disk; null: the real one
  bool sync_writes = true;      // false only where a test shows what that would lose
  bool is_read_only = false;    // nothing in the directory is changed, and nothing can be written
};

/// The RocksDB under the embedded log: one column family of records by offset, dense from 0, one of wrapped keys by
/// name. All calls are thread-safe; iterators are not, and go before the database.
class Database {
 public:
  /// Opens what was acknowledged up to `mark`, or creates it where nothing was. Throws LogDamaged when that is not all
  /// there, and std::runtime_error when the disk cannot be read or written.
  Database(DatabaseOptions options, const Mark& mark);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// What the opening cut off, in a sentence: a tail torn by a power cut or a kill, never acknowledged. Read-only it is
  /// left out, and stays.
  const std::optional<std::string>& cut() const { return cut_; }
  /// The offset after the last record.
  std::uint64_t end() const;
  /// The same with the record before it, as a mark to be kept.
  Mark reached() const;

  /// Writes records from `first_offset` on, and their keys, in one batch and one sync. Nothing: it is on stable
  /// storage. Otherwise the reason, and it is unknown what is.
  std::optional<std::string> write(std::uint64_t first_offset, std::span<const Append* const> appends);

  std::optional<std::string> find_key(const std::string& name) const;
  std::vector<WrappedKey> all_keys() const;
  std::unique_ptr<rocksdb::Iterator> records() const;
  std::unique_ptr<rocksdb::Iterator> keys() const;
  /// The bytes of the record an iterator stands on, which must be the one at `offset`. Throws as `LogReader::next`.
  std::string record_at(const rocksdb::Iterator& iterator, std::uint64_t offset) const;

  rocksdb::DB& rocksdb() const { return *db_; }
  const DatabaseOptions& options() const { return options_; }

 private:
  void open(const Mark& mark);
  rocksdb::Status open_with(const rocksdb::DBOptions& settings, bool is_read_only);
  void open_with_torn_tail(const Mark& mark, const rocksdb::Status& refusal);
  void require(const Mark& mark) const;
  void close();
  std::string key_in(std::string_view name, std::string_view row) const;
  [[noreturn]] void raise(const rocksdb::Status& status, std::optional<std::uint64_t> offset) const;

  const DatabaseOptions options_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;  // default (empty), records, keys
  std::optional<std::string> cut_;
};

}  // namespace daybook::eventstore
