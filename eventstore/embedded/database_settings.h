#pragma once

#include <vector>

#include "eventstore/embedded/database.h"

namespace rocksdb {
struct ColumnFamilyDescriptor;
struct DBOptions;
}  // namespace rocksdb

namespace daybook::eventstore {

/// How the log's RocksDB is set up, in one place.
rocksdb::DBOptions database_settings(const DatabaseOptions& options);
/// The column families in the order of Database::families_.
std::vector<rocksdb::ColumnFamilyDescriptor> column_families();

}  // namespace daybook::eventstore
