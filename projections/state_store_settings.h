#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace rocksdb {
class Slice;
class Status;
struct ColumnFamilyOptions;
struct DBOptions;
}  // namespace rocksdb

namespace daybook::projections {

/// What the databases of the state keep in memory, all of them together: blocks that were read, and, counted among
/// them, rows that were written and are not in files yet. Thread-safe.
class StateMemory {
 public:
  StateMemory(std::size_t cache_bytes, std::size_t write_buffer_bytes);

 private:
  friend rocksdb::DBOptions database_settings(const StateMemory& memory);
  friend rocksdb::ColumnFamilyOptions family_settings(const StateMemory& memory);

  struct Budget;
  std::shared_ptr<const Budget> budget_;
};

rocksdb::DBOptions database_settings(const StateMemory& memory);
/// Blocks that are read go into the cache; half of the write buffers is the most that one family fills at a time.
rocksdb::ColumnFamilyOptions family_settings(const StateMemory& memory);

rocksdb::Slice slice(std::string_view text);
std::string_view view(const rocksdb::Slice& slice);

/// Throws std::runtime_error with the remedy unless the status is good.
void require(const rocksdb::Status& status, const std::string& doing);

}  // namespace daybook::projections
