#include "eventstore/embedded/database.h"

#include <rocksdb/db.h>
#include <rocksdb/iterator.h>
#include <rocksdb/write_batch.h>

#include <stdexcept>

#include "eventstore/checksum.h"
#include "eventstore/embedded/database_settings.h"
#include "eventstore/embedded/record_value.h"
#include "eventstore/embedded/wal_scan.h"

namespace daybook::eventstore {
namespace {

constexpr std::size_t kRecords = 1;
constexpr std::size_t kKeys = 2;

// How much of the tail is read back at each start; a scrub reads the rest.
constexpr std::uint64_t kTailRecords = 256;

// Everything that says "not what was written"; the others say "cannot read or write now".
bool is_damage(const rocksdb::Status& status) {
  if (status.IsIOError()) return status.IsPathNotFound();
  return !status.IsNoSpace() && !status.IsBusy() && !status.IsTimedOut() && !status.IsMemoryLimit();
}

}  // namespace

Database::Database(DatabaseOptions options, const Mark& mark) : options_(std::move(options)) {
  try {
    open(mark);
    require(mark);
  } catch (...) {
    close();
    throw;
  }
}

Database::~Database() { close(); }

void Database::close() {
  for (rocksdb::ColumnFamilyHandle* family : families_) {
    if (const auto status = db_->DestroyColumnFamilyHandle(family); !status.ok()) continue;  // It only frees memory.
  }
  families_.clear();
  db_.reset();
}

void Database::open(const Mark& mark) {
  rocksdb::DBOptions settings = database_settings(options_);
  // Where something was acknowledged a missing file must not be taken for a new, empty log.
  settings.create_if_missing = mark.end == 0;
  settings.create_missing_column_families = mark.end == 0;
  const auto status = open_with(settings, options_.is_read_only);
  if (!status.ok()) open_with_torn_tail(mark, status);
}

rocksdb::Status Database::open_with(const rocksdb::DBOptions& settings, bool is_read_only) {
  rocksdb::DB* db = nullptr;
  auto status = is_read_only
                    ? rocksdb::DB::OpenForReadOnly(settings, options_.directory, column_families(), &families_, &db)
                    : rocksdb::DB::Open(settings, options_.directory, column_families(), &families_, &db);
  db_.reset(db);
  return status;
}

// A tail torn by a power cut was never acknowledged, so the log may go on without it. It is looked at read-only first:
// an opening for writing would rewrite what recovery left, and with it the evidence.
void Database::open_with_torn_tail(const Mark& mark, const rocksdb::Status& refusal) {
  if (!is_damage(refusal)) raise(refusal, std::nullopt);
  const std::optional<WalDefect> defect = scan_wals(options_.directory);
  const auto refuse = [&](std::optional<std::uint64_t> offset, const std::string& detail) {
    throw LogDamaged({defect ? defect->file : options_.directory.string(),
                      defect ? std::optional(defect->at_byte) : std::nullopt, offset, detail});
  };
  rocksdb::DBOptions settings = database_settings(options_);
  settings.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  if (!open_with(settings, true).ok()) refuse(std::nullopt, refusal.ToString());
  const std::uint64_t recovered = end();
  if (recovered < mark.end) {
    refuse(recovered,
           "records up to offset " + std::to_string(mark.end) + " were acknowledged, but " + refusal.ToString());
  }
  if (!options_.is_read_only) {
    close();
    const auto status = open_with(settings, false);
    if (!status.ok()) raise(status, std::nullopt);
  }
  cut_ = "cut a torn tail that was never acknowledged: the log ends at offset " + std::to_string(recovered);
  if (defect) {
    *cut_ += ", " + std::to_string(defect->bytes_left) + " bytes of " + defect->file + " from byte " +
             std::to_string(defect->at_byte) + " on were dropped";
  }
}

// The log must reach the mark, and hold there the record that was acknowledged; and its tail must read back.
void Database::require(const Mark& mark) const {
  const std::uint64_t last = end();
  if (last < mark.end) {
    throw LogDamaged({options_.directory, std::nullopt, last,
                      "records up to offset " + std::to_string(mark.end) +
                          " were acknowledged according to the high-water mark: the log was cut or rolled back"});
  }
  const auto iterator = records();
  std::uint64_t offset = last > kTailRecords ? last - kTailRecords : 0;
  if (mark.end > 0) offset = std::min(offset, mark.end - 1);
  for (iterator->Seek(record_key(offset)); offset < last; ++offset, iterator->Next()) {
    const std::string bytes = record_at(*iterator, offset);
    if (offset + 1 == mark.end && fingerprint(bytes) != mark.fingerprint) {
      throw LogDamaged(
          {options_.directory, std::nullopt, offset,
           "this is not the record the high-water mark tells of: the log was rolled back and written anew"});
    }
  }
}

std::uint64_t Database::end() const {
  const auto iterator = records();
  iterator->SeekToLast();
  if (!iterator->status().ok()) raise(iterator->status(), std::nullopt);
  if (!iterator->Valid()) return 0;
  const auto offset = offset_of(iterator->key().ToStringView());
  if (!offset) raise(rocksdb::Status::Corruption("a record's key is not 8 bytes long"), std::nullopt);
  return *offset + 1;
}

Mark Database::reached() const {
  const std::uint64_t last = end();
  if (last == 0) return {};
  const auto iterator = records();
  iterator->SeekToLast();
  return {last, fingerprint(record_at(*iterator, last - 1))};
}

std::optional<std::string> Database::write(std::uint64_t first_offset, std::span<const Append* const> appends) {
  // 8 bytes of protection per entry: what is written is checked against what was put in.
  rocksdb::WriteBatch batch(0, 0, 8, 0);
  rocksdb::Status status;
  for (const Append* append : appends) {
    const std::string key = record_key(first_offset++);
    status = batch.Put(families_[kRecords], key, checked_value(key, append->record));
    for (const WrappedKey& wrapped : append->keys) {
      if (status.ok()) status = batch.Put(families_[kKeys], wrapped.name, checked_value(wrapped.name, wrapped.value));
    }
    if (!status.ok()) return status.ToString();
  }
  rocksdb::WriteOptions options;
  options.sync = options_.sync_writes;
  status = db_->Write(options, &batch);
  if (!status.ok()) return status.ToString();
  return std::nullopt;
}

std::optional<std::string> Database::find_key(const std::string& name) const {
  std::string value;
  const auto status = db_->Get({}, families_[kKeys], name, &value);
  if (status.IsNotFound() && !status.IsPathNotFound()) return std::nullopt;
  if (!status.ok()) raise(status, std::nullopt);
  return key_in(name, value);
}

std::vector<WrappedKey> Database::all_keys() const {
  std::vector<WrappedKey> found;
  const auto row = keys();
  for (row->SeekToFirst(); row->Valid(); row->Next()) {
    const std::string name = row->key().ToString();
    found.push_back({name, key_in(name, row->value().ToStringView())});
  }
  if (!row->status().ok()) raise(row->status(), std::nullopt);
  return found;
}

std::string Database::key_in(std::string_view name, std::string_view row) const {
  const auto bytes = bytes_of(name, row);
  if (!bytes) raise(rocksdb::Status::Corruption("a wrapped key is not what was written"), std::nullopt);
  return std::string(*bytes);
}

std::unique_ptr<rocksdb::Iterator> Database::records() const {
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator({}, families_[kRecords]));
}

std::unique_ptr<rocksdb::Iterator> Database::keys() const {
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator({}, families_[kKeys]));
}

std::string Database::record_at(const rocksdb::Iterator& iterator, std::uint64_t offset) const {
  if (!iterator.status().ok()) raise(iterator.status(), offset);
  if (!iterator.Valid() || offset_of(iterator.key().ToStringView()) != offset) {
    raise(rocksdb::Status::Corruption("the record is missing"), offset);
  }
  const auto bytes = bytes_of(iterator.key().ToStringView(), iterator.value().ToStringView());
  if (!bytes) raise(rocksdb::Status::Corruption("the record is not what was written"), offset);
  return std::string(*bytes);
}

void Database::raise(const rocksdb::Status& status, std::optional<std::uint64_t> offset) const {
  if (is_damage(status)) throw LogDamaged({options_.directory, std::nullopt, offset, status.ToString()});
  throw std::runtime_error("the log in " + options_.directory.string() + " cannot be used: " + status.ToString() +
                           "; check the disk, its space and permissions, and start again");
}

}  // namespace daybook::eventstore
