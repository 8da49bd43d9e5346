#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include "eventstore/submission.h"

namespace daybook::eventstore {

/// Commands that wait to be decided. Workspaces take turns, one command each. While a large command has a workspace,
/// those of its commands that can wait stand aside until it is let go. Not thread-safe: the writer's mutex guards it.
class CommandQueue {
 public:
  /// Which large command has a workspace, and whether it will be over soon, so that others wait for it.
  struct Hold {
    std::uint64_t run = 0;
    bool brief = false;
  };

  void push(Submission submission);
  /// Whether nothing can be taken now.
  bool empty() const { return turns_.empty(); }
  /// Those that stand aside included.
  std::size_t size() const { return size_; }
  /// The next command. Not to be called while it is empty.
  Submission pop();

  /// Gives the workspace to the run, unless another one has it; whether the run has it.
  bool hold(model::WorkspaceId workspace, const Hold& hold);
  std::optional<Hold> held(model::WorkspaceId workspace) const;
  /// A command that was taken is to wait until its workspace is let go.
  void stand_aside(Submission submission);
  /// The workspace goes on, first with what stood aside, in order.
  void let_go(model::WorkspaceId workspace);

  /// Everything, in no order; the queue is empty then.
  std::vector<Submission> take_all();

 private:
  using Queues = std::unordered_map<model::WorkspaceId, std::deque<Submission>>;

  Queues queues_;                         // what can be taken: no queue is empty
  std::deque<model::WorkspaceId> turns_;  // those with a queue, each once
  Queues aside_;
  std::unordered_map<model::WorkspaceId, Hold> holds_;
  std::size_t size_ = 0;
};

}  // namespace daybook::eventstore
