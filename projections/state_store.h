#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "domain/rows.h"
#include "eventstore/projection.h"
#include "model/uuid.h"

namespace daybook::projections {

/// The rows of all workspaces at one moment; unchanged by later writes. Keep it for one request only.
class StateSnapshot;

/// The state: a RocksDB database that is a cache of the log. It writes a WAL without syncing it, so kill -9 loses
/// nothing and a power cut rolls back to a consistent prefix, which the log refills. Every key starts with the 16 bytes
/// of its workspace, and only this class knows that: all others hold rows bound to one workspace. Thread-safe.
class StateStore {
 public:
  struct Options {
    std::filesystem::path directory;
    std::size_t cache_bytes = 256 << 20;  // of blocks that were read, the write buffers included
    std::size_t write_buffer_bytes = 64 << 20;
    std::filesystem::path staging{};  // of layers on disk; empty: below `directory`. Emptied when the store opens.
  };
  /// Rows to write, by workspace.
  using Batch = std::map<model::WorkspaceId, domain::LayerRows::Changes>;

  /// Opens or creates. Throws std::runtime_error naming the directory and the remedy.
  explicit StateStore(Options options);
  ~StateStore();
  StateStore(const StateStore&) = delete;
  StateStore& operator=(const StateStore&) = delete;

  eventstore::PartitionPosition position(std::uint32_t partition) const;
  std::shared_ptr<const StateSnapshot> snapshot() const;

  /// One workspace's rows: the newest ones, or as they stood in the snapshot, which the reader keeps alive. The store
  /// outlives the reader.
  std::unique_ptr<domain::RowReader> rows(model::WorkspaceId workspace,
                                          std::shared_ptr<const StateSnapshot> snapshot = nullptr) const;

  /// The newest rows, also of a workspace that is pinned: for whoever writes them.
  std::unique_ptr<domain::RowReader> newest_rows(model::WorkspaceId workspace) const;

  /// Changes kept on disk above `below`, which outlives them; deleted with the rows, and at the next start.
  std::unique_ptr<domain::Rows> stage(const domain::RowReader& below) const;

  /// From here on everybody else sees the workspace as it stands now, through `rows` and through snapshots taken later,
  /// until `unpin`. Harmless when it is pinned. Pins die with the process.
  void pin(model::WorkspaceId workspace);
  void unpin(model::WorkspaceId workspace);

  /// Writes all rows and the position in one batch.
  void write(const Batch& batch, std::uint32_t partition, const eventstore::PartitionPosition& position);

  /// What the database holds in memory, in bytes; read from counters.
  struct Figures {
    std::uint64_t memtable_bytes = 0;
    std::uint64_t cache_bytes = 0;
    std::uint64_t table_reader_bytes = 0;
  };
  Figures figures() const;

  /// Every row of every workspace in key order, for digests and scrubs.
  void for_each_row(
      const std::function<void(model::WorkspaceId, std::string_view key, std::string_view value)>& visit) const;

  /// Makes `directory`, whose parent is there, as a state of its own: all that was written before the call, each write
  /// whole or not at all. Its files are hard links where both are on one volume, so it costs next to nothing. A big
  /// commit that is being folded is in it up to a slice and with its position, so a writer on it folds the rest. Any
  /// thread. Throws std::runtime_error with the remedy.
  void checkpoint(const std::filesystem::path& directory) const;

  /// A hash of what the rows were derived from; nothing in a new database.
  std::optional<std::uint64_t> fingerprint() const;
  void set_fingerprint(std::uint64_t fingerprint);

 private:
  struct Database;
  std::unique_ptr<Database> database_;
};

}  // namespace daybook::projections
