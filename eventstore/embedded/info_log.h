#pragma once

#include <filesystem>
#include <memory>

namespace rocksdb {
class Logger;
}

namespace daybook::eventstore {

/// RocksDB's own log of warnings and errors, into `path` and, when that is full, `path`.old: 1 MiB each. The stock one
/// grows without bound and, in Debian's build, aborts the process on a full disk; this one drops what it cannot write.
std::shared_ptr<rocksdb::Logger> open_info_log(std::filesystem::path path);

/// Drops everything: without any, RocksDB writes a file of its own.
std::shared_ptr<rocksdb::Logger> no_info_log();

}  // namespace daybook::eventstore
