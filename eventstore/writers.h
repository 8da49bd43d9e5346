#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "eventstore/writer.h"

namespace daybook::eventstore {

/// Where a workspace lives, for ever: the last 8 bytes of its id, big-endian, modulo the number of partitions; the
/// system workspace on partition 0 (docs/log-format.md).
std::uint32_t partition_of(model::WorkspaceId workspace, std::uint32_t partitions);

/// The writers of all partitions of a log, behind one door. As a Writer, and as thread-safe.
class Writers {
 public:
  /// `options` are those of each writer; its partition is set here.
  Writers(Log& log, Keyring& keyring, CommitCodec& codec, Projection& projection, const Writer::Options& options);

  /// One after the other, as Writer::start.
  void start();
  void submit(Submission submission);
  void stop();

  bool is_replaced(model::WorkspaceId workspace) const;
  /// Of all partitions together: offsets and counts are sums, and commands are taken where each partition takes them.
  WriterFigures figures() const;

 private:
  std::vector<std::unique_ptr<Writer>> writers_;
};

}  // namespace daybook::eventstore
