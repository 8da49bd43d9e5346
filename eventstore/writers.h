#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "eventstore/writer.h"

namespace daybook::eventstore {

/// Where a workspace lives, for ever: the last 8 bytes of its id, big-endian, modulo the number of partitions; the
/// system workspace on partition 0 (docs/log-format.md).
std::uint32_t partition_of(model::WorkspaceId workspace, std::uint32_t partitions);

/// Where a process keeps what it has to say about a partition itself, on that partition: the id is the number of the
/// partition, so that of partition 0 is the system workspace.
model::WorkspaceId workspace_of_partition(std::uint32_t partition);
bool is_of_partition(model::WorkspaceId workspace);

/// The writers of all partitions of a log, behind one door. As a Writer, and as thread-safe.
class Writers {
 public:
  /// `options` are those of each writer; its partition is set here.
  Writers(Log& log, Keyring& keyring, CommitCodec& codec, Projection& projection, const Writer::Options& options);

  /// One after the other, as Writer::start.
  void start();
  /// Likewise, as Writer::follow.
  void follow();
  /// This process is to have these partitions and no others (Writer::take, leave).
  void assign(const std::set<std::uint32_t>& partitions);
  /// Until others have all partitions, but no longer than that (Writer::wait_until_replaced).
  void wait_until_replaced(std::chrono::steady_clock::time_point deadline);
  void submit(Submission submission);
  void stop();

  /// Whether this process has the workspace's partition.
  bool owns(model::WorkspaceId workspace) const { return of(workspace).is_owner(); }
  /// Where the process is reached that has it; empty where none is known.
  std::string owner_of(model::WorkspaceId workspace) const { return of(workspace).owner_address(); }
  std::uint32_t partition_count() const { return static_cast<std::uint32_t>(writers_.size()); }
  const Writer& of_partition(std::uint32_t partition) const { return *writers_.at(partition); }
  /// Of all partitions together: offsets and counts are sums, and commands are taken where each partition takes them.
  WriterFigures figures() const;

 private:
  Writer& of(model::WorkspaceId workspace) const { return *writers_[partition_of(workspace, partition_count())]; }

  std::vector<std::unique_ptr<Writer>> writers_;
};

}  // namespace daybook::eventstore
