#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <stop_token>
#include <string>
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
    std::function<std::int64_t()> clock_us;  // microseconds since 1970
    std::function<void()> wake_mails;        // there may be queued ones that another process was to send
    std::function<bool(const model::Uuid& import)> is_importing;  // whether this process works on it
    std::function<void(const std::string& line)> warn;
  };
  explicit PartitionDuties(Parts parts);

  /// Before a command is decided there (Writer::Options::on_taken).
  void take_on(std::uint32_t partition, bool is_from_another);
  /// The same for all partitions, at the start of the only server of a log: nobody else is creating workspaces.
  void take_on_all();
  /// Workspaces are registered on the first partition, by a process that may end before they began on their own. Those
  /// that are registered for a minute begin, where this process has their partition: until then whoever registered them
  /// is about to, with a key of the owner's. Imports that run, and that this process worked on neither now nor at the
  /// call before, have failed: whoever was to start or to end one could not write that. Not thread-safe.
  void finish_left_over();
  /// From here on finish_left_over is called twice a minute.
  void start();
  void stop();

 private:
  using Visit = std::function<void(model::WorkspaceId, std::int64_t registered_us)>;
  void for_each_workspace(const Visit& visit) const;
  bool is_left_over(std::int64_t registered_us) const;
  void run(const std::stop_token& stop);

  const Parts parts_;
  std::set<model::Uuid> idle_imports_;  // at the last call of finish_left_over
  std::jthread thread_;
};

}  // namespace daybook::cli
