#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "api/call.h"
#include "projections/state_store.h"

namespace daybook::api {

/// Where copies of the state are handed out to other nodes: one at a time, by a thread of its own, since files are read
/// and the client may be slow. Thread-safe.
class CheckpointDesk {
 public:
  struct Parts {
    const projections::StateStore& state;
    eventstore::Log& records;         // that the state is folded from
    std::filesystem::path directory;  // of the copy that is under way, on the state's volume; emptied at the start
    std::function<void(const std::string&)> log;
  };

  /// The parts outlive the desk.
  explicit CheckpointDesk(Parts parts);
  ~CheckpointDesk();

  /// Answers with the state as it stands now, as projections::pack_state packs it, and says in its header of which log
  /// it is (eventstore::first_claimant) and what derived its rows; 503 while another copy is under way.
  /// A client that hangs up ends its copy.
  void answer(const Call& call);
  /// Cuts off the copy that is under way. Before the server is drained.
  void stop();

 private:
  void run(Call call, const std::stop_token& stop);
  void send(Call& call, const std::stop_token& stop);

  const Parts parts_;
  std::atomic<bool> is_busy_ = false;
  std::mutex mutex_;  // guards what follows
  bool is_stopped_ = false;
  std::jthread thread_;
};

}  // namespace daybook::api
