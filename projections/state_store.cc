#include "projections/state_store.h"

#include <rocksdb/db.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <stdexcept>

#include "model/wire.h"
#include "projections/state_store_settings.h"
#include "projections/state_store_staging.h"

namespace daybook::projections {
namespace {

constexpr char kFingerprintKey[] = "fingerprint";

std::string full_key(model::WorkspaceId workspace, std::string_view key) {
  return std::string(workspace.value.view()).append(key);
}

std::string position_key(std::uint32_t partition) { return "partition" + std::to_string(partition); }

std::string encode(const eventstore::BigPosition& big) {
  std::string out;
  model::append_bytes_field(out, 1, big.workspace.value.view());
  model::append_bytes_field(out, 2, big.command.view());
  model::append_varint_field(out, 3, big.first_offset);
  if (big.commit_offset) model::append_varint_field(out, 4, *big.commit_offset);
  model::append_varint_field(out, 5, big.parts_folded);
  model::append_varint_field(out, 6, big.events_folded);
  return out;
}

std::string encode(const eventstore::PartitionPosition& position) {
  std::string out;
  model::append_varint_field(out, 1, position.next_offset);
  if (position.fence.epoch) model::append_varint_field(out, 2, *position.fence.epoch);
  model::append_varint_field(out, 3, position.fence.sequence);
  model::append_varint_field(out, 4, static_cast<std::uint64_t>(position.time_us));
  for (const eventstore::BigPosition& big : position.big) model::append_bytes_field(out, 5, encode(big));
  return out;
}

eventstore::BigPosition decode_big(std::string_view bytes) {
  eventstore::BigPosition big;
  model::WireReader reader(bytes);
  for (model::WireField field; reader.next(field);) {
    if (field.number == 1) big.workspace.value = model::Uuid::from_bytes(field.bytes).value_or(model::Uuid{});
    if (field.number == 2) big.command = model::Uuid::from_bytes(field.bytes).value_or(model::Uuid{});
    if (field.number == 3) big.first_offset = field.varint;
    if (field.number == 4) big.commit_offset = field.varint;
    if (field.number == 5) big.parts_folded = static_cast<std::uint32_t>(field.varint);
    if (field.number == 6) big.events_folded = field.varint;
  }
  return big;
}

eventstore::PartitionPosition decode(std::string_view bytes) {
  eventstore::PartitionPosition position;
  model::WireReader reader(bytes);
  for (model::WireField field; reader.next(field);) {
    if (field.number == 1) position.next_offset = field.varint;
    if (field.number == 2) position.fence.epoch = field.varint;
    if (field.number == 3) position.fence.sequence = field.varint;
    if (field.number == 4) position.time_us = static_cast<std::int64_t>(field.varint);
    if (field.number == 5) position.big.push_back(decode_big(field.bytes));
  }
  return position;
}

}  // namespace

// Snapshots of workspaces that are to be seen as they were.
using Pins = std::map<model::WorkspaceId, std::shared_ptr<const StateSnapshot>>;

class StateSnapshot {
 public:
  explicit StateSnapshot(rocksdb::DB& db, Pins pins = {})
      : db_(db), snapshot_(db.GetSnapshot()), pins_(std::move(pins)) {}
  ~StateSnapshot() { db_.ReleaseSnapshot(snapshot_); }
  StateSnapshot(const StateSnapshot&) = delete;
  StateSnapshot& operator=(const StateSnapshot&) = delete;
  const rocksdb::Snapshot* get() const { return snapshot_; }
  const Pins& pins() const { return pins_; }

 private:
  rocksdb::DB& db_;
  const rocksdb::Snapshot* snapshot_;
  const Pins pins_;  // as they were when it was taken
};

struct StateStore::Database {
  explicit Database(const Options& options)
      : memory(options.cache_bytes, options.write_buffer_bytes), staging(options.staging) {}

  const StateMemory memory;
  const std::filesystem::path staging;
  std::atomic<std::uint64_t> staged = 0;  // how many layers were made
  std::unique_ptr<rocksdb::DB> db;
  rocksdb::ColumnFamilyHandle* rows = nullptr;
  rocksdb::ColumnFamilyHandle* progress = nullptr;  // positions and the fingerprint
  std::mutex mutex;                                 // guards the pins
  Pins pins;

  ~Database() {
    if (!db) return;
    pins.clear();
    db->DestroyColumnFamilyHandle(rows);
    db->DestroyColumnFamilyHandle(progress);
    db->Close();
  }
};

namespace {

// A RocksDB iterator that sees the rows of one prefix of one workspace.
class WorkspaceCursor final : public domain::RowCursor {
 public:
  WorkspaceCursor(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family, rocksdb::ReadOptions options,
                  model::WorkspaceId workspace, std::string_view prefix, std::shared_ptr<const StateSnapshot> snapshot)
      : workspace_(workspace),
        lower_(full_key(workspace, prefix)),
        upper_(domain::after_prefix(lower_)),
        lower_slice_(slice(lower_)),
        upper_slice_(slice(upper_)),
        snapshot_(std::move(snapshot)) {
    options.iterate_lower_bound = &lower_slice_;
    if (!upper_.empty()) options.iterate_upper_bound = &upper_slice_;
    row_.reset(db.NewIterator(options, family));
  }

  bool valid() const override { return row_->Valid(); }
  std::string_view key() const override { return view(row_->key()).substr(16); }
  std::string_view value() const override { return view(row_->value()); }
  void seek(std::string_view key) override {
    row_->Seek(slice(full_key(workspace_, key)));
    check();
  }
  void seek_back(std::string_view key) override {
    row_->SeekForPrev(slice(full_key(workspace_, key)));
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
    if (!row_->Valid()) require(row_->status(), "reading rows of the state");
  }

  model::WorkspaceId workspace_;
  std::string lower_;
  std::string upper_;
  rocksdb::Slice lower_slice_;
  rocksdb::Slice upper_slice_;
  std::shared_ptr<const StateSnapshot> snapshot_;
  std::unique_ptr<rocksdb::Iterator> row_;  // declared last: it goes before the bounds and the snapshot it looks at
};

// The only class outside StateStore that hands out rows of a workspace; its scans never leave the workspace.
class WorkspaceRows final : public domain::RowReader {
 public:
  WorkspaceRows(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family, model::WorkspaceId workspace,
                std::shared_ptr<const StateSnapshot> snapshot)
      : db_(db), family_(family), workspace_(workspace), snapshot_(std::move(snapshot)) {}

  std::optional<std::string> get(std::string_view key) const override {
    std::string value;
    const auto status = db_.Get(options(), family_, slice(full_key(workspace_, key)), &value);
    if (status.IsNotFound()) return std::nullopt;
    require(status, "reading a row of the state");
    return value;
  }

  void scan(std::string_view prefix, std::string_view from, const domain::RowVisitor& visit) const override {
    const std::string lower = full_key(workspace_, std::max(prefix, from));
    const std::string upper = domain::after_prefix(full_key(workspace_, prefix));
    const rocksdb::Slice upper_slice = slice(upper);
    rocksdb::ReadOptions read = options();
    if (!upper.empty()) read.iterate_upper_bound = &upper_slice;
    const std::unique_ptr<rocksdb::Iterator> row(db_.NewIterator(read, family_));
    for (row->Seek(slice(lower)); row->Valid(); row->Next()) {
      if (!visit(view(row->key()).substr(16), view(row->value()))) return;
    }
    require(row->status(), "reading rows of the state");
  }

  std::unique_ptr<domain::RowCursor> cursor(std::string_view prefix) const override {
    return std::make_unique<WorkspaceCursor>(db_, family_, options(), workspace_, prefix, snapshot_);
  }

 private:
  rocksdb::ReadOptions options() const {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_ ? snapshot_->get() : nullptr;
    return options;
  }

  rocksdb::DB& db_;
  rocksdb::ColumnFamilyHandle* family_;
  model::WorkspaceId workspace_;
  std::shared_ptr<const StateSnapshot> snapshot_;
};

}  // namespace

StateStore::StateStore(Options options) {
  if (options.staging.empty()) options.staging = options.directory / "staging";
  std::filesystem::create_directories(options.directory);
  std::filesystem::remove_all(options.staging);
  database_ = std::make_unique<Database>(options);
  const auto family = family_settings(database_->memory);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  require(rocksdb::DB::Open(database_settings(database_->memory), options.directory.string(),
                            {{rocksdb::kDefaultColumnFamilyName, family}, {"progress", family}}, &handles, &db),
          "opening the state in " + options.directory.string());
  database_->db.reset(db);
  database_->rows = handles[0];
  database_->progress = handles[1];
}

StateStore::~StateStore() = default;

eventstore::PartitionPosition StateStore::position(std::uint32_t partition) const {
  std::string value;
  const auto status = database_->db->Get({}, database_->progress, position_key(partition), &value);
  if (status.IsNotFound()) return {};
  require(status, "reading the position of the state");
  return decode(value);
}

std::shared_ptr<const StateSnapshot> StateStore::snapshot() const {
  const std::lock_guard lock(database_->mutex);
  return std::make_shared<const StateSnapshot>(*database_->db, database_->pins);
}

std::unique_ptr<domain::RowReader> StateStore::rows(model::WorkspaceId workspace,
                                                    std::shared_ptr<const StateSnapshot> snapshot) const {
  const auto seen = [&]() -> std::shared_ptr<const StateSnapshot> {
    if (snapshot) {
      const auto pinned = snapshot->pins().find(workspace);
      return pinned == snapshot->pins().end() ? snapshot : pinned->second;
    }
    const std::lock_guard lock(database_->mutex);
    const auto pinned = database_->pins.find(workspace);
    return pinned == database_->pins.end() ? nullptr : pinned->second;
  }();
  return std::make_unique<WorkspaceRows>(*database_->db, database_->rows, workspace, seen);
}

std::unique_ptr<domain::RowReader> StateStore::newest_rows(model::WorkspaceId workspace) const {
  return std::make_unique<WorkspaceRows>(*database_->db, database_->rows, workspace, nullptr);
}

std::unique_ptr<domain::Rows> StateStore::stage(const domain::RowReader& below) const {
  return std::make_unique<StagedRows>(database_->staging / std::to_string(++database_->staged), database_->memory,
                                      below);
}

void StateStore::pin(model::WorkspaceId workspace) {
  const std::lock_guard lock(database_->mutex);
  if (database_->pins.contains(workspace)) return;
  database_->pins.emplace(workspace, std::make_shared<const StateSnapshot>(*database_->db));
}

void StateStore::unpin(model::WorkspaceId workspace) {
  const std::lock_guard lock(database_->mutex);
  database_->pins.erase(workspace);
}

void StateStore::write(const Batch& batch, std::uint32_t partition, const eventstore::PartitionPosition& position) {
  rocksdb::WriteBatch out;
  for (const auto& [workspace, changes] : batch) {
    for (const auto& [key, value] : changes) {
      const std::string full = full_key(workspace, key);
      const auto status =
          value ? out.Put(database_->rows, slice(full), slice(*value)) : out.Delete(database_->rows, slice(full));
      require(status, "writing a row of the state");
    }
  }
  require(out.Put(database_->progress, position_key(partition), encode(position)), "writing the position of the state");
  require(database_->db->Write({}, &out), "writing the state");
}

StateStore::Figures StateStore::figures() const {
  Figures figures;
  database_->db->GetAggregatedIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables, &figures.memtable_bytes);
  database_->db->GetAggregatedIntProperty(rocksdb::DB::Properties::kEstimateTableReadersMem,
                                          &figures.table_reader_bytes);
  database_->db->GetIntProperty(database_->rows, rocksdb::DB::Properties::kBlockCacheUsage, &figures.cache_bytes);
  return figures;
}

void StateStore::for_each_row(
    const std::function<void(model::WorkspaceId, std::string_view, std::string_view)>& visit) const {
  rocksdb::ReadOptions read;
  read.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> row(database_->db->NewIterator(read, database_->rows));
  for (row->SeekToFirst(); row->Valid(); row->Next()) {
    const std::string_view key = view(row->key());
    visit(model::WorkspaceId{*model::Uuid::from_bytes(key.substr(0, 16))}, key.substr(16), view(row->value()));
  }
  require(row->status(), "reading every row of the state");
}

void StateStore::checkpoint(const std::filesystem::path& directory) const {
  rocksdb::Checkpoint* made = nullptr;
  auto status = rocksdb::Checkpoint::Create(database_->db.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(std::filesystem::absolute(directory).string());
  if (status.ok()) return;
  throw std::runtime_error("copying the state to " + directory.string() + ": " + status.ToString() +
                           "; see the free space and the permissions there, then try again");
}

std::optional<std::uint64_t> StateStore::fingerprint() const {
  std::string value;
  const auto status = database_->db->Get({}, database_->progress, kFingerprintKey, &value);
  if (status.IsNotFound()) return std::nullopt;
  require(status, "reading the fingerprint of the state");
  return std::stoull(value);
}

void StateStore::set_fingerprint(std::uint64_t fingerprint) {
  require(database_->db->Put({}, database_->progress, kFingerprintKey, std::to_string(fingerprint)),
          "writing the fingerprint of the state");
}

}  // namespace daybook::projections
