#include "projections/state_store_staging.h"

#include <rocksdb/db.h>

#include <stdexcept>

#include "domain/merged_cursor.h"
#include "projections/state_store_settings.h"

namespace daybook::projections {
namespace {

// The first byte of a staged value.
constexpr char kPut = 1;
constexpr char kErased = 0;

void require_staged(const rocksdb::Status& status) {
  if (status.ok()) return;
  throw std::runtime_error("keeping the rows of a large command below volatile/: " + status.ToString() +
                           "; see the disk and its free space, then repeat the command");
}

// A RocksDB iterator over what was staged under one prefix.
class StagedCursor final : public domain::ChangeCursor {
 public:
  StagedCursor(rocksdb::DB& db, std::string_view prefix)
      : lower_(prefix), upper_(domain::after_prefix(lower_)), lower_slice_(slice(lower_)), upper_slice_(slice(upper_)) {
    rocksdb::ReadOptions options;
    options.iterate_lower_bound = &lower_slice_;
    if (!upper_.empty()) options.iterate_upper_bound = &upper_slice_;
    row_.reset(db.NewIterator(options));
  }

  bool valid() const override { return row_->Valid(); }
  std::string_view key() const override { return view(row_->key()); }
  std::string_view value() const override { return view(row_->value()).substr(1); }
  bool erased() const override { return row_->value()[0] == kErased; }
  void seek(std::string_view key) override {
    row_->Seek(slice(key));
    check();
  }
  void seek_back(std::string_view key) override {
    row_->SeekForPrev(slice(key));
    check();
  }
  void next() override {
    row_->Next();
    check();
  }
  void prev() override {
    row_->Prev();
    check();
  }

 private:
  void check() const {
    if (!row_->Valid()) require_staged(row_->status());
  }

  std::string lower_;
  std::string upper_;
  rocksdb::Slice lower_slice_;
  rocksdb::Slice upper_slice_;
  std::unique_ptr<rocksdb::Iterator> row_;  // declared last: it goes before the bounds it looks at
};

rocksdb::Options settings(const StateMemory& memory) {
  rocksdb::Options options(database_settings(memory), family_settings(memory));
  options.max_open_files = 256;
  options.avoid_flush_during_shutdown = true;
  return options;
}

}  // namespace

struct StagedRows::Database {
  std::unique_ptr<rocksdb::DB> db;
};

StagedRows::StagedRows(std::filesystem::path directory, const StateMemory& memory, const domain::RowReader& below)
    : directory_(std::move(directory)), below_(below), database_(std::make_unique<Database>()) {
  std::filesystem::create_directories(directory_);
  rocksdb::DB* db = nullptr;
  require_staged(rocksdb::DB::Open(settings(memory), directory_.string(), &db));
  database_->db.reset(db);
}

StagedRows::~StagedRows() {
  database_.reset();
  std::error_code ignored;  // what cannot be deleted now goes at the next start
  std::filesystem::remove_all(directory_, ignored);
}

std::optional<std::string> StagedRows::get(std::string_view key) const {
  rocksdb::PinnableSlice value;
  const auto status = database_->db->Get({}, database_->db->DefaultColumnFamily(), slice(key), &value);
  if (status.IsNotFound()) return below_.get(key);
  require_staged(status);
  if (value[0] == kErased) return std::nullopt;
  return std::string(view(value).substr(1));
}

void StagedRows::scan(std::string_view prefix, std::string_view from, const domain::RowVisitor& visit) const {
  const auto row = cursor(prefix);
  for (row->seek(std::max(prefix, from)); row->valid(); row->next()) {
    if (!visit(row->key(), row->value())) return;
  }
}

std::unique_ptr<domain::RowCursor> StagedRows::cursor(std::string_view prefix) const {
  return domain::merged_cursor(below_.cursor(prefix), std::make_unique<StagedCursor>(*database_->db, prefix));
}

void StagedRows::put(std::string_view key, std::string_view value) { write(key, kPut, value); }

void StagedRows::erase(std::string_view key) { write(key, kErased, {}); }

void StagedRows::write(std::string_view key, char mark, std::string_view value) {
  rocksdb::WriteOptions options;
  options.disableWAL = true;  // it dies with the process in any case
  std::string marked(1, mark);
  require_staged(database_->db->Put(options, slice(key), slice(marked.append(value))));
}

}  // namespace daybook::projections
