#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <thread>

#include "eventstore/writers.h"
#include "projections/state_store.h"

namespace daybook::cli {

/// What falls to this process with a partition, beside the commands of its clients: to finish what a process before it
/// left half done. Thread-safe. The parts outlive it.
class PartitionDuties {
 public:
  struct Parts {
    projections::StateStore& state;
    eventstore::Writers& writers;
    std::function<void()> wake_mails;  // there may be queued ones that another process was to send
  };
  explicit PartitionDuties(Parts parts);

  /// Before a command is decided there (Writer::Options::on_taken).
  void take_on(std::uint32_t partition, bool is_from_another);
  /// From here on, from time to time: workspaces are registered on the first partition, by a node that may end before
  /// they began on their own.
  void start();
  void stop();

 private:
  void for_each_workspace(std::uint32_t partition, const std::function<void(model::WorkspaceId)>& visit) const;
  void run(const std::stop_token& stop);

  const Parts parts_;
  std::jthread thread_;
};

}  // namespace daybook::cli
